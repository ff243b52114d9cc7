# Runs a server for tests and ends it when nobody has used it for a while.
# keeper FOLDER LOCK COMMAND… — in FOLDER/users lies a file for each process that uses it, named by its number.
folder=$1
lock=$2
shift 2
echo $$ >"$folder/keeper"
"$@" >"$folder/log" 2>&1 </dev/null &
server=$!

used() {
    for user in "$folder"/users/*; do
        if kill -0 "${user##*/}" 2>/dev/null; then
            return 0
        fi
        rm -f "$user"
    done
    return 1
}

idle=0
while kill -0 $server 2>/dev/null && [ $idle -lt 20 ]; do
    sleep 1
    idle=$((idle + 1))
    if used; then
        idle=0
    elif [ $idle -eq 20 ]; then
        # From here on nobody can join; where the lock cannot be had, somebody is about to.
        exec 9>"$lock"
        if command -v flock >/dev/null && ! flock -n 9 || used; then
            exec 9>&-
            idle=0
        fi
    fi
done
kill -INT $server 2>/dev/null
wait $server
# Unless somebody has made another in its place.
if [ "$(cat "$folder/keeper" 2>/dev/null)" = $$ ]; then
    rm -rf "$folder"
fi
