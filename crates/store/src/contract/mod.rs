//! What every backend promises: a plain function per promise, run on each.
//!
//! [`contract_suite!`](crate::contract_suite) declares one test per promise for a backend. Each promise gets a
//! store of its own, with nothing in it, and panics when it is broken. Only built with the feature `contract`.
#![expect(missing_docs, reason = "a promise's name says what it promises")]
#![expect(clippy::unwrap_used, reason = "a broken promise must fail loudly")]

mod board;
mod clocks;
mod commits;
mod deliveries;
mod drafts;
mod erasure;
mod events;
mod filters;
mod found;
mod isolation;
mod journals;
mod mails;
mod measured;
mod names;
mod orders;
mod parcels;
mod planted;
mod portal;
mod post;
mod sample;
mod saved;
mod secrets;
mod sign_off;
mod sweeps;
mod templates;
mod together;
mod told;
mod worlds;

pub use self::{
    board::*, clocks::*, commits::*, deliveries::*, drafts::*, erasure::*, events::*, filters::*, found::*,
    isolation::*, journals::*, mails::*, names::*, orders::*, parcels::*, portal::*, post::*, saved::*,
    secrets::*, sign_off::*, sweeps::*, templates::*, told::*, worlds::*,
};
pub use self::{
    measured::{Numbered, Run, shares, told},
    planted::{PLANTED, REFRAIN, SHORT, erasing, planted},
    sample::{Story, Told, at, audit, fresh, org, person},
    together::{Dice, together},
};

/// Declares one `#[tokio::test]` per promise. `$make` is an async function that gives a new, empty store as anything
/// that derefs to one.
#[macro_export]
macro_rules! contract_suite {
    ($make:path) => {
        $crate::contract_suite! { @each $make;
            // commits
            a_commit_can_be_loaded_again
            a_commit_writes_everything_together
            a_stale_commit_leaves_no_trace
            a_commit_on_nothing_is_stale_at_zero
            a_deal_has_one_handoff
            a_deal_of_its_own_may_be_read_again
            a_record_does_not_open_on_older_news_than_are_kept
            of_news_kept_while_a_record_opens_on_older_ones_none_are_lost
            an_idempotency_key_is_used_once
            a_used_key_is_told_before_a_stale_version
            a_commit_that_does_not_follow_is_refused
            what_a_commit_leaves_out_stays
            what_a_commit_replaces_is_gone
            of_fifty_commits_on_one_version_one_wins
            commits_on_many_handoffs_all_last
            one_key_at_once_has_one_effect
            // journals
            a_journal_is_read_in_stretches
            a_timeline_is_read_backwards
            times_are_kept_to_the_nanosecond
            chains_verify_and_replay
            a_broken_commit_is_found
            ids_are_walked_in_order
            a_walk_gives_every_fact_once
            a_tally_counts_every_handoff_and_fact
            // erasure
            texts_come_back
            erased_texts_are_gone_and_the_chain_verifies
            erasing_everything_takes_all_but_what_it_says_itself
            erasing_some_texts_leaves_the_others
            erasing_what_moved_on_is_stale_and_erases_nothing
            what_was_decided_before_an_erasure_does_not_bring_the_words_back
            erasing_takes_the_words_of_answers_that_show_the_handoff_and_leaves_their_keys
            the_answer_to_an_erasure_keeps_its_words
            an_erasure_that_is_refused_takes_no_answer_s_words
            // orders
            pages_hold_every_row_once_in_each_order
            pages_of_people_hold_every_row_once
            rows_without_a_value_come_last
            a_cursor_of_another_order_leads_nowhere
            limits_are_kept_within_bounds
            a_changed_row_moves_in_its_orders
            an_account_shows_its_newest_first
            promises_come_by_decide_time
            // filters
            each_filter_narrows
            filters_hold_together
            people_reach_what_any_of_them_has_a_part_in
            nobody_reaches_nothing
            a_crowd_reaches_the_same_as_its_members
            a_part_filter_stays_within_reach
            leaving_a_handoff_ends_reach
            text_takes_wildcards_literally
            text_ignores_case_beyond_ascii
            text_does_not_span_two_fields
            counts_equal_lists_and_stop_at_most
            // board
            a_spread_counts_each_stage_and_its_lateness
            a_load_tells_what_each_csm_holds
            amounts_beyond_measure_add_up_without_breaking_the_sum
            the_words_handoffs_are_told_apart_by_come_once_in_order
            a_filter_by_people_s_parts_stays_within_reach
            what_is_not_due_before_a_time_includes_what_is_never_due
            people_are_read_together
            // saved
            a_view_is_seen_by_those_it_is_for
            a_view_is_changed_by_who_read_it_last
            each_reader_chooses_for_themselves_and_one_is_first
            views_of_one_organisation_are_no_other_s
            // found
            what_is_called_so_is_found_by_the_beginnings_of_its_words
            a_new_name_is_found_and_the_old_one_is_not
            nobody_finds_what_they_may_not_read
            pages_of_what_is_found_hold_everything_once
            a_walk_ends_and_its_page_leads_on
            what_is_found_belongs_to_one_organisation
            // isolation
            no_read_crosses_organisations
            no_change_crosses_organisations
            a_sample_goes_whole_and_takes_nothing_of_others
            nothing_but_an_organisations_own_sample_is_taken_away
            // names
            a_slug_belongs_to_one_organisation
            an_organisation_changes_only_itself
            an_organisation_that_has_changed_is_not_written_over
            of_fifty_changes_of_an_organisation_on_one_version_one_wins
            an_address_belongs_to_one_person
            an_address_moves_within_one_batch
            of_two_puts_in_one_batch_the_later_holds
            an_alias_belongs_to_one
            people_are_paged_by_name
            people_are_found_by_name_and_address
            teams_and_roles_know_their_people
            accounts_are_found_by_alias
            a_playbook_version_is_published_once
            the_newest_playbook_answers_for_its_name
            // secrets
            a_token_is_found_by_its_secret_alone
            a_session_ends
            all_sessions_of_a_person_end
            a_link_is_used_once
            a_link_is_used_once_by_many_at_once
            what_had_its_time_is_forgotten
            // deliveries
            messages_wait_until_delivered
            a_message_delivered_twice_conflicts_and_leaves_no_trace
            a_letter_is_kept_once_and_stays_read
            letters_come_newest_first
            a_reading_without_handoff_is_kept_newest
            a_reading_for_a_handoff_conflicts
            deals_without_a_handoff_are_paged
            an_answer_is_remembered_once
            // sign_off
            every_change_has_its_audit_row
            a_conflict_leaves_no_trace
            what_was_decided_on_a_handoff_that_moved_on_is_stale_and_leaves_no_trace
            the_audit_log_is_paged_newest_first
            // told
            what_was_told_comes_newest_first_in_whole_pages
            what_was_told_is_narrowed_by_time_reach_and_playbook
            letters_are_found_by_the_fact_they_tell_of
            several_states_are_loaded_at_once
            // clocks
            clocks_are_looked_at_earliest_first_and_not_before_their_time
            what_is_not_finished_is_free_again_in_its_old_place
            a_commit_ends_a_claim_and_moves_the_look
            what_a_look_found_is_shown
            a_look_at_what_moved_on_is_refused_and_writes_nothing
            looking_again_is_for_live_handoffs_of_one_organisation
            what_was_worked_out_before_all_were_to_be_looked_at_again_is_looked_at_at_once
            however_commits_meet_looking_again_each_handoff_is_looked_at
            // sweeps
            a_claim_is_nobody_elses_until_it_ends
            a_claim_by_a_clock_that_was_ahead_holds_nobody_up
            claims_are_kept_within_bounds
            of_two_hundred_claims_at_once_each_takes_what_no_other_has
            messages_of_all_organisations_are_taken_by_age
            what_waits_belongs_to_one_organisation
            whoever_waits_is_nudged
            // post
            mail_is_taken_by_person
            mail_put_off_comes_again_and_mail_given_up_does_not
            mail_is_timed_anew_unless_somebody_has_it
            mail_on_the_post_is_seen_by_person
            // events
            an_event_is_received_once_whatever_became_of_it
            an_event_is_received_once_by_many_at_once
            events_are_taken_by_receipt_and_come_again_when_put_off
            events_are_seen_newest_first
            events_done_with_are_forgotten_in_time
            // parcels
            parcels_are_taken_by_when_they_are_due
            parcels_taken_by_a_clock_that_was_ahead_are_anybody_s
            a_parcel_waits_once_and_goes_once
            a_parcel_taken_by_many_at_once_is_one_s
            parcels_of_a_handoff_are_seen_newest_first
            calendars_are_told_in_one_order
            forgotten_mail_keeps_its_number_and_no_word
            mail_to_one_address_is_forgotten_alone
            // mails
            a_mail_is_kept_once_whatever_became_of_it
            a_mail_is_kept_once_by_many_at_once
            mail_is_read_by_receipt_and_comes_again_when_put_off
            mails_are_seen_newest_first_without_their_words
            an_answer_is_awaited_at_its_addresses_alone
            mail_and_answers_are_forgotten_in_time
            who_wrote_about_a_handoff_is_forgotten
            a_turn_is_one_nodes_until_it_ends
            mail_and_turns_taken_by_a_clock_that_was_ahead_hold_nobody_up
            a_mail_nudges
            // templates
            a_template_is_changed_by_who_read_it_last
            of_many_changes_of_a_template_at_once_one_counts
            a_template_that_failed_says_so_until_it_is_changed
            templates_belong_to_one_organisation
            // drafts
            a_draft_is_changed_by_who_read_it_last
            of_many_changes_of_a_draft_at_once_one_counts
            drafts_belong_to_one_organisation
            // portal
            somebody_is_let_in_at_an_account_by_their_address
            who_is_let_in_is_changed_on_the_version_that_was_read
            a_key_is_handed_out_found_by_its_secret_and_used_once
            a_key_is_used_once_by_many_at_once
            a_code_is_tried_as_often_as_it_may_be_by_many_at_once
            a_portal_session_is_found_by_its_secret_and_ends
            who_leaves_the_portal_holds_nothing_and_who_is_forgotten_is_nowhere
            keys_and_portal_sessions_are_forgotten_in_time
            the_portal_of_one_organisation_is_no_other_s
            // worlds
            random_worlds_look_as_they_do_in_memory
        }
    };
    (@each $make:path; $($promise:ident)*) => {$(
        #[::tokio::test]
        async fn $promise() {
            let store = $make().await;
            $crate::contract::$promise(&*store).await;
        }
    )*};
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_suite_names_every_promise() {
        let list = include_str!("mod.rs");
        let files = [
            include_str!("board.rs"),
            include_str!("saved.rs"),
            include_str!("clocks.rs"),
            include_str!("commits.rs"),
            include_str!("deliveries.rs"),
            include_str!("drafts.rs"),
            include_str!("erasure.rs"),
            include_str!("events.rs"),
            include_str!("filters.rs"),
            include_str!("found.rs"),
            include_str!("isolation.rs"),
            include_str!("journals.rs"),
            include_str!("mails.rs"),
            include_str!("names.rs"),
            include_str!("orders.rs"),
            include_str!("parcels.rs"),
            include_str!("portal.rs"),
            include_str!("post.rs"),
            include_str!("secrets.rs"),
            include_str!("sign_off.rs"),
            include_str!("sweeps.rs"),
            include_str!("templates.rs"),
            include_str!("worlds.rs"),
        ];
        let declared =
            files.iter().flat_map(|file| file.lines()).filter_map(|line| line.strip_prefix("pub async fn "));
        let promises: Vec<_> = declared.map(|line| line.split('(').next().unwrap()).collect();
        assert!(promises.len() >= 35);
        for promise in promises {
            assert!(list.lines().any(|line| line.trim() == promise), "{promise} is promised but never run");
        }
    }
}
