//! `throughline people`

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use serde_json::{Value, json};
use throughline_app::people::{
    NewAbsence, NewPerson,
    moving::{Moved, Moving, Share},
};
use throughline_domain::{
    HandoffId, Role, TeamId,
    access::{Grant, Scope},
};
use throughline_store::{Person, PersonStatus};

use crate::{
    args::{Global, OrgArg},
    desk::Desk,
    failure::{Exit, Failure},
    output::Out,
};

#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Invite somebody; the answer is a one-time link to send them
    #[command(after_help = "\
Examples:
  throughline people invite maya@acme.example --name 'Maya Chen' --role csm --org acme
  throughline people invite lee@acme.example --name 'Lee Park' --role ae:own --role ae_manager:team --team 'Mid-market'")]
    Invite {
        /// Their mail address; they sign in with it
        #[arg(value_name = "MAIL")]
        email: String,
        /// Their name
        #[arg(long)]
        name: String,
        /// A role with how far it reaches: ae, ae:own, ae_manager:team, rev_ops:organisation; may be given several times
        #[arg(long = "role", value_name = "ROLE[:SCOPE]", value_parser = grant, required = true)]
        roles: Vec<Grant>,
        /// Their team; made when it is not there
        #[arg(long)]
        team: Option<String>,
        #[command(flatten)]
        links: Links,
        #[command(flatten)]
        org: OrgArg,
    },
    /// List everybody
    #[command(after_help = "\
Examples:
  throughline people list --org acme --not-invited")]
    List {
        /// Only owners from imports who cannot sign in yet
        #[arg(long)]
        not_invited: bool,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Deactivate somebody; open duties need a successor
    #[command(after_help = "\
Examples:
  throughline people deactivate lee@acme.example --successor maya@acme.example --org acme")]
    Deactivate {
        /// Who: mail address, id or name
        who: String,
        /// Who takes over what they hold
        #[arg(long, value_name = "WHO")]
        successor: Option<String>,
        /// Only say what would move
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Make a one-time link to set a new password; their sessions end
    #[command(after_help = "\
Examples:
  throughline people reset-password maya@acme.example --org acme")]
    ResetPassword {
        /// Who: mail address, id or name
        who: String,
        #[command(flatten)]
        links: Links,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Move everything one person holds to another
    #[command(after_help = "\
Examples:
  throughline people reassign lee@acme.example maya@acme.example --reason 'Territory change' --org acme")]
    Reassign {
        /// From whom: mail address, id or name
        from: String,
        /// To whom
        to: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Share out what one person holds among several, handoff by handoff
    #[command(after_help = "\
Examples:
  throughline people share lee@acme.example --to maya@acme.example --to noah@acme.example --reason 'Territory change' --dry-run --org acme
  throughline people share lee@acme.example --to maya@acme.example --role csm --stage owned --least-load --reason 'Parental leave' --org acme")]
    Share {
        /// From whom: mail address, id or name
        from: String,
        /// To whom; may be given several times
        #[arg(long = "to", value_name = "WHO", required = true)]
        to: Vec<String>,
        /// Always to who has the fewest live handoffs by then, instead of in turn
        #[arg(long)]
        least_load: bool,
        /// Only what they are in this role: ae, csm, se; may be given several times
        #[arg(long = "role", value_name = "ROLE")]
        roles: Vec<Role>,
        /// Only deals of this segment; may be given several times
        #[arg(long = "segment", value_name = "SEGMENT")]
        segments: Vec<String>,
        /// Only handoffs at this stage: preparing, offered, assigned, owned; may be given several times
        #[arg(long = "stage", value_name = "STAGE")]
        stages: Vec<String>,
        /// Why
        #[arg(long)]
        reason: String,
        /// Only say what would move
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Enter when somebody is away and who stands in, or that they are back
    #[command(after_help = "\
Examples:
  throughline people away lee@acme.example --from 2026-12-21 --until 2027-01-03 --stand-in maya@acme.example --org acme
  throughline people away lee@acme.example --back --org acme")]
    Away {
        /// Who: mail address, id or name
        who: String,
        /// The first day away
        #[arg(long, value_name = "DATE", required_unless_present = "back")]
        from: Option<jiff::civil::Date>,
        /// The last day away
        #[arg(long, value_name = "DATE", required_unless_present = "back")]
        until: Option<jiff::civil::Date>,
        /// Who stands in
        #[arg(long, value_name = "WHO", required_unless_present = "back")]
        stand_in: Option<String>,
        /// They are here again, or do not go
        #[arg(long, conflicts_with_all = ["from", "until", "stand_in"])]
        back: bool,
        #[command(flatten)]
        org: OrgArg,
    },
    /// Say who an owner from an import really is
    #[command(after_help = "\
Examples:
  throughline people map salesforce:0055g00000AAAAA maya@acme.example --org acme
  throughline people map 'Maya Chen (old)' maya@acme.example --org acme")]
    Map {
        /// The owner as imported: SOURCE:ID, id or name
        from: String,
        /// Who they are here
        to: String,
        #[command(flatten)]
        org: OrgArg,
    },
}

/// Handoffs moved in one go.
const AT_ONCE: usize = 100;

/// Where links lead.
#[derive(Debug, Args)]
pub struct Links {
    /// Where people reach the server; links begin with it
    #[arg(long, value_name = "URL", env = "THROUGHLINE_PUBLIC_URL")]
    public_url: Option<String>,
}

impl Links {
    fn whole(&self, path: &str) -> String {
        let base = self.public_url.as_deref().unwrap_or_default();
        format!("{}{path}", base.trim_end_matches('/'))
    }
}

/// `ROLE` or `ROLE:SCOPE`; a role alone reaches as far as it can.
fn grant(text: &str) -> Result<Grant, String> {
    let (role, wide) = text.split_once(':').map_or((text, None), |(role, wide)| (role, Some(wide)));
    let role: Role = role.parse().map_err(|why: throughline_domain::people::NotARole| why.to_string())?;
    let scope = wide.map_or(Ok(Scope::Organisation), scope)?;
    Ok(Grant { role, scope })
}

/// How far a right reaches.
pub fn scope(text: &str) -> Result<Scope, String> {
    match text {
        "own" => Ok(Scope::Own),
        "team" => Ok(Scope::Team),
        "organisation" => Ok(Scope::Organisation),
        _ => Err("one of own, team, organisation".to_owned()),
    }
}

/// Its name.
pub fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Own => "own",
        Scope::Team => "team",
        Scope::Organisation => "organisation",
    }
}

pub async fn run(global: &Global, what: PeopleCommand, out: Out) -> Result<Exit, Failure> {
    match what {
        PeopleCommand::Invite { email, name, roles, team, links, org } => {
            let desk = Desk::open(global, &org).await?;
            let team = match team {
                Some(name) => Some(team_named(&desk, &name).await?),
                None => None,
            };
            let new = NewPerson { name, email, grants: roles.into_iter().collect(), team };
            let (person, path) = desk.app.invite(&desk.caller, new).await?;
            let link = links.whole(&path);
            out.value(&json!({ "person": value(&person), "link": link }))?;
            out.line(format_args!("{} is invited. The link works once, for three days:", person.name))?;
            out.line(link)?;
        }
        PeopleCommand::List { not_invited, org } => {
            list(&Desk::open(global, &org).await?, not_invited, out).await?
        }
        PeopleCommand::Share { from, to, least_load, roles, segments, stages, reason, dry_run, org } => {
            let desk = Desk::open(global, &org).await?;
            let from = desk.person(&from).await?;
            let mut moving = Moving {
                share: if least_load { Share::LeastLoad } else { Share::InTurn },
                roles: roles.into_iter().collect(),
                segments: segments.into_iter().collect(),
                stages: stages.into_iter().collect(),
                ..Moving::default()
            };
            for who in to {
                moving.to.push(desk.person(&who).await?.id);
            }
            return share(&desk, &from, &moving, &reason, dry_run, out).await;
        }
        PeopleCommand::Away { who, from, until, stand_in, back, org } => {
            let desk = Desk::open(global, &org).await?;
            let person = desk.person(&who).await?;
            match (from, until, stand_in) {
                (Some(from), Some(until), Some(who)) if !back => {
                    let stand_in = desk.person(&who).await?;
                    let new = NewAbsence { from, until, stand_in: stand_in.id };
                    desk.app.set_absence(&desk.caller, person.id, new).await?;
                    out.value(
                        &json!({ "away": person.id, "from": from, "until": until, "stand_in": stand_in.id }),
                    )?;
                    out.line(format_args!(
                        "{} is away from {from} until {until}; {} stands in",
                        person.name, stand_in.name
                    ))?;
                }
                _ => {
                    desk.app.end_absence(&desk.caller, person.id).await?;
                    out.value(&json!({ "back": person.id }))?;
                    out.line(format_args!("{} is here; nobody stands in", person.name))?;
                }
            }
        }
        PeopleCommand::Deactivate { who, successor, dry_run: true, org } => {
            let desk = Desk::open(global, &org).await?;
            let person = desk.person(&who).await?;
            let successor = match successor {
                Some(who) => Some(desk.person(&who).await?.id),
                None => None,
            };
            let plan = desk.app.plan_leaving(&desk.caller, person.id, successor).await?;
            out.value(&json!({ "would_deactivate": person.id, "handoffs": plan.len() }))?;
            out.line(format_args!("{} could leave; {} handoffs would move", person.name, plan.len()))?;
        }
        PeopleCommand::Deactivate { who, successor, dry_run: false, org } => {
            let desk = Desk::open(global, &org).await?;
            let person = desk.person(&who).await?;
            let successor = match successor {
                Some(who) => Some(desk.person(&who).await?.id),
                None => None,
            };
            let moved = desk.app.deactivate(&desk.caller, person.id, successor).await?;
            out.value(&json!({ "deactivated": person.id, "handoffs_moved": moved }))?;
            out.line(format_args!("{} is deactivated; {moved} handoffs moved", person.name))?;
        }
        PeopleCommand::ResetPassword { who, links, org } => {
            let desk = Desk::open(global, &org).await?;
            let person = desk.person(&who).await?;
            let link = links.whole(&desk.app.reset_password(&desk.caller, person.id).await?);
            out.value(&json!({ "person": value(&person), "link": link }))?;
            out.line(format_args!("{} sets a new password here, once, within three days:", person.name))?;
            out.line(link)?;
        }
        PeopleCommand::Reassign { from, to, reason, org } => {
            let desk = Desk::open(global, &org).await?;
            let (from, to) = (desk.person(&from).await?, desk.person(&to).await?);
            let moved = desk.app.reassign(&desk.caller, from.id, to.id, &reason).await?;
            out.value(&json!({ "from": from.id, "to": to.id, "handoffs_moved": moved }))?;
            out.line(format_args!("{moved} handoffs moved from {} to {}", from.name, to.name))?;
        }
        PeopleCommand::Map { from, to, org } => {
            let desk = Desk::open(global, &org).await?;
            let (from, to) = (desk.person(&from).await?, desk.person(&to).await?);
            let moved = desk.app.map_person(&desk.caller, from.id, to.id).await?;
            out.value(&json!({ "from": from.id, "to": to.id, "handoffs_moved": moved }))?;
            out.line(format_args!("{} is {}; {moved} handoffs moved", from.name, to.name))?;
        }
    }
    Ok(Exit::Done)
}

/// Shares out in stretches until nothing is left, and says row by row what became of it.
async fn share(
    desk: &Desk,
    from: &Person,
    moving: &Moving,
    reason: &str,
    dry_run: bool,
    out: Out,
) -> Result<Exit, Failure> {
    let mut told: BTreeMap<HandoffId, Moved> = BTreeMap::new();
    if dry_run {
        for planned in desk.app.plan_moves(&desk.caller, from.id, moving).await? {
            let failed = planned.refused.clone();
            told.insert(planned.row.id, Moved { planned, done: false, failed });
        }
    } else {
        loop {
            let stretch = desk.app.move_some(&desk.caller, from.id, moving, reason, AT_ONCE).await?;
            for row in stretch.rows {
                let before = told.get(&row.planned.row.id).is_some_and(|before| before.done);
                if !before {
                    told.insert(row.planned.row.id, row);
                }
            }
            if stretch.left == 0 {
                break;
            }
        }
    }
    let names = desk.app.named(desk.caller.org, told.values().filter_map(|row| row.planned.to)).await?;
    let name =
        |row: &Moved| row.planned.to.and_then(|to| names.get(&to)).map_or("-", |person| person.name.as_str());
    let values = told.values().map(|row| {
        json!({
            "handoff": row.planned.row.id, "account": row.planned.row.account, "to": row.planned.to,
            "done": row.done, "refused": row.failed,
        })
    });
    out.value(&json!({ "dry_run": dry_run, "rows": values.collect::<Vec<_>>() }))?;
    let line = |row: &Moved| {
        let what = match (&row.failed, row.done) {
            (Some(why), _) => why.clone(),
            (None, true) => "moved".to_owned(),
            (None, false) => "would move".to_owned(),
        };
        vec![row.planned.row.account.clone(), row.planned.row.deal_name.clone(), name(row).to_owned(), what]
    };
    out.table(&told.values().map(line).collect::<Vec<_>>())?;
    Ok(Exit::Done)
}

async fn team_named(desk: &Desk, name: &str) -> Result<TeamId, Failure> {
    let teams = desk.app.list_teams(&desk.caller).await?;
    match teams.into_iter().find(|team| team.name == name.trim()) {
        Some(team) => Ok(team.id),
        None => Ok(desk.app.put_team(&desk.caller, None, name, None).await?.id),
    }
}

async fn list(desk: &Desk, not_invited: bool, out: Out) -> Result<(), Failure> {
    let mut people = Vec::new();
    let mut after = None;
    loop {
        let page = desk.app.list_people(&desk.caller, None, after, 200).await?;
        people.extend(page.rows.into_iter().filter(|person| {
            let waiting = person.status == PersonStatus::NotInvited && person.mapped_to.is_none();
            !not_invited || waiting
        }));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    out.value(&people.iter().map(value).collect::<Vec<_>>())?;
    let row = |person: &Person| {
        let email = person.email.clone().unwrap_or_else(|| "-".to_owned());
        let roles: BTreeSet<&str> = person.grants.iter().map(|grant| grant.role.name()).collect();
        let roles = roles.into_iter().collect::<Vec<_>>().join(",");
        let aliases = person.aliases.iter().cloned().collect::<Vec<_>>().join(",");
        vec![person.id.to_string(), status(person).to_owned(), person.name.clone(), email, roles, aliases]
    };
    out.table(&people.iter().map(row).collect::<Vec<_>>())
}

fn status(person: &Person) -> &'static str {
    match (person.status, person.mapped_to) {
        (_, Some(_)) => "mapped",
        (PersonStatus::NotInvited, None) => "not invited",
        (PersonStatus::Invited, None) => "invited",
        (PersonStatus::Active, None) => "active",
        (PersonStatus::Deactivated, None) => "deactivated",
    }
}

/// A person without what is kept of their password.
fn value(person: &Person) -> Value {
    json!({
        "id": person.id, "name": person.name, "email": person.email, "status": person.status,
        "grants": person.grants, "team": person.team, "aliases": person.aliases, "mapped_to": person.mapped_to,
    })
}
