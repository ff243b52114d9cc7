# Dates and times. The day, year and time come as digits.
date = { $day } { $month } { $year }
date-near = { $weekday } { $day } { $month }
moment = { $date }, { $time }
moment-full = { $date }, { $time } { $zone }
time-now = just now
time-in-minutes = in { $n } min
time-minutes-ago = { $n } min ago
time-in-hours = in { $n } h
time-hours-ago = { $n } h ago
time-in-days = in { $n ->
    [one] { $n } day
   *[other] { $n } days
}
time-days-ago = { $n ->
    [one] { $n } day
   *[other] { $n } days
} ago
span-moment = less than a minute
span-minutes = { $n } min
span-hours = { $n } h
span-days = { $n } d
span-two = { $large } { $small }
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
