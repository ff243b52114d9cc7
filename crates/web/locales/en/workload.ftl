# What each CSM has on their hands, where one is chosen.
workload-nobody = Nobody can take it yet
workload-nobody-text = Whoever has the role of a CSM stands here with what they hold already. Invite one, or give somebody the role.
workload-title = What each of them holds
workload-text = Live accounts by how far they are. Who is here and holds least comes first.
workload-nominated = Nominated
workload-offered = Offered
workload-before-kickoff = Accepted
workload-in-plan = In plan
workload-room = Room
workload-much = Holds less than most
workload-some = About as much as most
workload-little = Holds more than most
workload-away = Away
workload-chosen = Chosen now
workload-stands-in = { $away }; { $name } stands in
