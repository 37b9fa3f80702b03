"""RFC 9111, sections 3 to 5, line by line: what they require of our caches, and the tests for it.

A row is a requirement that concerns a private cache, or the shared one that a `CachingSender` is by
itself. "Not done" names what the standard leaves to choice, with the reason.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
REQUIREMENTS = r"(MUST|MUST NOT|SHOULD|SHOULD NOT|MAY)"


class Row(NamedTuple):
    """A requirement, and the tests that hold it (in this folder), or why there is none."""

    section: str
    level: str
    text: str
    tests: tuple[str, ...] = ()
    not_done: str = ""


KEPT = "test_cache.test_what_is_kept_is_what_the_standard_allows"
FIELDS = "test_reuse.test_a_response_is_fresh_only_as_far_as_its_fields_can_be_read"
ASKED = "test_reuse.test_a_request_is_given_what_it_asks_for"
OWN = "test_validation.test_a_callers_own_condition_is_for_the_server_and_makes_nothing_fresh"
OTHER_304 = "test_validation.test_a_304_for_another_response_makes_nothing_fresh"
UPDATED = (
    "test_validation.test_a_304_updates_all_header_fields_but_those_of_the_body_and_the_connection"
)
HOP = "test_reuse.test_header_fields_of_the_connection_are_not_stored"
HEAD = "test_validation.test_a_head_updates_what_is_stored_or_makes_it_invalid"
DATES = "test_reuse.test_a_date_is_read_in_its_three_forms_and_in_no_other"
STALE = "test_cache.test_an_expired_answer_never_stands_in_where_the_server_forbids_it"
MAX_STALE = "test_reuse.test_who_takes_stale_responses_is_given_none_that_must_be_validated"
NO_STAND_IN = "test_reuse.test_who_wants_no_stale_response_is_given_none_in_place_of_an_error"
WRITES = "test_cache.test_a_write_drops_what_it_can_have_changed_however_it_ends"
AGE = "test_reuse.test_what_is_reused_says_how_old_it_is"

ROWS = (
    Row(
        "1.2.2",
        "MUST",
        "a larger number of seconds counts as 2^31",
        ("test_reuse.test_seconds_are_whole_and_bounded",),
    ),
    Row(
        "2",
        "MUST",
        "the key has method and target URI; requests for different URIs have different keys",
        (
            "test_keys.test_urls_that_a_server_can_tell_apart_have_different_keys",
            "test_keys.test_keys_are_equal_exactly_where_what_is_sent_is",
            "test_keys.test_the_host_field_names_another_resource",
        ),
    ),
    Row(
        "3",
        "MUST NOT",
        "store unless the method is understood",
        (
            "test_validation.test_a_get_with_content_is_neither_served_from_the_cache_nor_stored",
            "test_cache.test_bypass_and_secrets_touch_no_cache",
        ),
    ),
    Row(
        "3",
        "MUST NOT",
        "store unless the status is final, and understood where it must be",
        ("test_cache.test_only_a_plain_success_is_kept",),
    ),
    Row(
        "3",
        "MUST NOT",
        "store with no-store in the response",
        (KEPT,),
    ),
    Row(
        "3",
        "MUST NOT",
        "store private responses in a shared cache",
        (KEPT,),
    ),
    Row(
        "3",
        "MUST NOT",
        "store responses to signed requests in a shared cache, unless allowed",
        (KEPT,),
    ),
    Row(
        "3",
        "MUST NOT",
        "store without public, private, Expires, max-age, s-maxage or a status that is "
        "cacheable by itself",
        (KEPT,),
    ),
    Row(
        "3.1",
        "MUST",
        "store all header fields, also unknown ones",
        (HOP,),
    ),
    Row(
        "3.1",
        "MUST",
        "remove Connection and what it names before a response is passed on",
        (HOP,),
    ),
    Row(
        "3.1",
        "MUST NOT",
        "store Proxy-Authenticate, Proxy-Authentication-Info, Proxy-Authorization",
        (HOP,),
    ),
    Row(
        "3.1",
        "MUST",
        "store Set-Cookie as well",
        not_done=(
            "cookies are kept from others and from disk on purpose: "
            "test_cache.test_a_cookie_is_for_who_asked_and_is_kept_nowhere"
        ),
    ),
    Row(
        "3.2",
        "MUST",
        "add each field of a newer response to the stored ones, in place of its namesake",
        (UPDATED,),
    ),
    Row(
        "3.2",
        "MUST NOT",
        "update Content-Length, fields that are not stored, and those the body was unpacked by",
        (UPDATED,),
    ),
    Row(
        "3.3",
        "MUST NOT",
        "store an incomplete response unless ranges are supported",
        (OWN, "test_http.test_a_body_that_ends_early_is_a_lost_connection"),
    ),
    Row(
        "3.3",
        "MUST NOT",
        "answer with a partial response as if it were complete",
        (OWN,),
    ),
    Row(
        "3.4",
        "MAY",
        "combine partial responses",
        not_done=("none is stored"),
    ),
    Row(
        "3.5",
        "MUST NOT",
        "reuse the response to a signed request in a shared cache without public, s-maxage or "
        "must-revalidate",
        (KEPT,),
    ),
    Row(
        "4",
        "MUST NOT",
        "reuse unless the target URIs match",
        (
            "test_validation.test_the_response_that_a_redirect_led_to_is_not_that_of_the_first_url",
            "test_validation.test_a_sender_that_says_nothing_of_redirects_is_judged_by_the_url_of_its_response",
            "test_keys.test_urls_that_a_server_can_tell_apart_have_different_keys",
        ),
    ),
    Row(
        "4",
        "MUST NOT",
        "reuse unless the stored method allows it",
        (
            "test_validation.test_a_get_with_content_is_neither_served_from_the_cache_nor_stored",
            "test_single_flight.test_only_what_asks_the_same_in_the_same_way_is_one",
        ),
    ),
    Row(
        "4",
        "MUST NOT",
        "reuse unless the fields that Vary names match",
        (
            "test_cache.test_vary_keeps_apart_what_differs",
            "test_cache.test_each_variant_has_its_answer_and_none_takes_anothers_place",
        ),
    ),
    Row(
        "4",
        "MUST NOT",
        "reuse with no-cache in the response, unless validated",
        (KEPT, FIELDS),
    ),
    Row(
        "4",
        "MUST NOT",
        "reuse unless fresh, allowed to be stale, or validated",
        (
            "test_cache.test_a_fresh_answer_is_given_again_and_an_expired_one_is_not",
            "test_cache.test_the_store_and_the_memory_expire_together",
        ),
    ),
    Row(
        "4",
        "MUST",
        "send an Age, in place of any other, with what is reused without validation",
        (AGE, "test_reuse.test_what_is_reused_in_place_of_an_error_says_how_old_it_is"),
    ),
    Row(
        "4",
        "MUST",
        "write unsafe requests through to the server",
        (WRITES,),
    ),
    Row(
        "4",
        "MUST",
        "use the most recent of several stored responses",
        (
            "test_reuse.test_a_newer_response_of_another_process_counts_though_the_clock_was_set_back",
            "test_cache.test_each_variant_has_its_answer_and_none_takes_anothers_place",
        ),
    ),
    Row(
        "4",
        "MAY",
        "collapse requests that can be served by one response",
        (
            "test_single_flight.test_tasks_that_ask_the_same_share_one_request_and_not_one_object",
            "test_single_flight.test_a_cookie_is_not_for_those_who_wait",
        ),
    ),
    Row(
        "4",
        "MUST",
        "have a clock: what was stored later than now is not fresh",
        ("test_reuse.test_what_was_stored_later_than_now_is_not_fresh",),
    ),
    Row(
        "4.1",
        "MUST NOT",
        "reuse a response with Vary: *",
        (KEPT,),
    ),
    Row(
        "4.1",
        "MUST NOT",
        "reuse unless all nominated fields match, absent ones included",
        (
            "test_cache.test_vary_keeps_apart_what_differs",
            "test_keys.test_variants_differ_where_the_fields_do",
        ),
    ),
    Row(
        "4.2",
        "MUST NOT",
        "let a local time zone change an age or expiry",
        ("test_reuse.test_a_local_time_zone_changes_no_expiry",),
    ),
    Row(
        "4.2",
        "SHOULD",
        "match dates in any case",
        (DATES,),
    ),
    Row(
        "4.2",
        "SHOULD",
        "take a date with a zone other than GMT or UTC for invalid",
        (DATES, FIELDS),
    ),
    Row(
        "4.2",
        "MUST",
        "represent a date as the nearest time equal or earlier",
        (DATES,),
    ),
    Row(
        "4.2.1",
        "MUST",
        "take the lifetime from s-maxage (shared), max-age, then Expires less Date",
        (KEPT, FIELDS, "test_cache.test_expires_is_compared_with_the_servers_own_date"),
    ),
    Row(
        "4.2.1",
        "SHOULD",
        "use the first of several values, or take the response for stale",
        (FIELDS, "test_reuse.test_directives_are_told_apart_with_their_quoted_values"),
    ),
    Row(
        "4.2.1",
        "SHOULD",
        "take a response with freshness that cannot be read for stale",
        (FIELDS,),
    ),
    Row(
        "4.2.2",
        "MUST NOT",
        "use a heuristic where there is an explicit time",
        ("test_reuse.test_a_time_of_our_own_is_only_for_what_the_server_says_nothing_about",),
    ),
    Row(
        "4.2.2",
        "SHOULD",
        "use Last-Modified for a heuristic",
        not_done=(
            "without a rule of the user's own nothing is reused: "
            "test_cache.test_where_the_server_is_silent_the_rules_decide"
        ),
    ),
    Row(
        "4.2.3",
        "MUST",
        "take the larger of apparent age and Age with the delay for the age",
        (
            "test_cache.test_an_answer_that_is_old_when_it_comes_is_as_old_as_it_says",
            "test_cache.test_the_time_that_an_answer_took_is_part_of_its_age",
        ),
    ),
    Row(
        "4.2.3",
        "MUST NOT",
        "have a negative age",
        ("test_reuse.test_an_age_is_never_negative_whatever_the_servers_clock_says",),
    ),
    Row(
        "4.2.4",
        "MUST NOT",
        "reuse a stale response where that is forbidden",
        (STALE, MAX_STALE),
    ),
    Row(
        "4.2.4",
        "MUST NOT",
        "reuse a stale response unless disconnected or explicitly allowed",
        (
            "test_cache.test_an_expired_answer_stands_in_for_an_error_where_that_is_allowed",
            "test_cache.test_an_expired_answer_stands_in_for_a_lost_connection_as_long_as_it_may",
        ),
    ),
    Row(
        "4.3.1",
        "MUST",
        "send the entity tag of what is validated",
        (
            "test_validation.test_both_validators_are_sent_back",
            "test_cache.test_an_etag_is_asked_about_and_304_makes_the_answer_fresh",
        ),
    ),
    Row(
        "4.3.1",
        "SHOULD",
        "send Last-Modified as If-Modified-Since",
        ("test_validation.test_both_validators_are_sent_back",),
    ),
    Row(
        "4.3.1",
        "MUST",
        "send back only what is a validator",
        ("test_validation.test_what_cannot_be_sent_back_or_matches_more_is_no_validator",),
    ),
    Row(
        "4.3.2",
        "MUST NOT",
        "evaluate conditions that are for the server, or where nothing is stored",
        (OWN,),
    ),
    Row(
        "4.3.2",
        "SHOULD",
        "evaluate a caller's condition where the stored response is reused",
        not_done=(
            "it is not reused for such a request, the server evaluates: "
            "test_validation.test_a_callers_own_condition_is_for_the_server_and_makes_nothing_fresh"
        ),
    ),
    Row(
        "4.3.3",
        "MUST",
        "use a full response in place of the stored one",
        (
            "test_validation.test_what_is_no_longer_so_stands_in_for_no_later_error",
            "test_cache.test_an_etag_is_asked_about_and_304_makes_the_answer_fresh",
        ),
    ),
    Row(
        "4.3.3",
        "MAY",
        "pass on a server error, or reuse what is stored as far as that may be stale",
        ("test_validation.test_what_says_nothing_about_a_response_leaves_it",),
    ),
    Row(
        "4.3.4",
        "MUST NOT",
        "update a stored response by a 304 with another strong validator",
        (OTHER_304, "test_validation.test_a_304_is_about_the_response_whose_validators_it_has"),
    ),
    Row(
        "4.3.4",
        "MUST NOT",
        "update by a 304 that was not asked for, or is of another URI",
        (
            "test_validation.test_a_304_that_nobody_asked_for_changes_nothing",
            "test_validation.test_a_304_that_a_redirect_led_to_confirms_nothing",
        ),
    ),
    Row(
        "4.3.4",
        "MUST",
        "update the header fields of what a 304 confirms",
        (UPDATED, "test_validation.test_what_a_304_forbids_to_store_is_stored_no_more"),
    ),
    Row(
        "4.3.5",
        "SHOULD",
        "update or make invalid what a HEAD shows to be the same or another",
        (HEAD,),
    ),
    Row(
        "4.4",
        "MUST",
        "make the target URI invalid by a successful unsafe request",
        (WRITES, "test_reuse.test_a_write_drops_what_is_stored_however_its_path_is_written"),
    ),
    Row(
        "4.4",
        "MAY",
        "make the URIs in Location and Content-Location invalid",
        ("test_reuse.test_what_the_response_to_a_write_names_is_dropped",),
    ),
    Row(
        "4.4",
        "MUST NOT",
        "do so for another origin",
        ("test_reuse.test_what_is_of_another_origin_is_not_dropped",),
    ),
    Row(
        "5.1",
        "SHOULD",
        "use the first member of a list-valued Age",
        (FIELDS,),
    ),
    Row(
        "5.1",
        "SHOULD",
        "ignore an Age that is no whole number",
        (FIELDS,),
    ),
    Row(
        "5.2",
        "MUST",
        "take names of directives in any case, and values as tokens or quoted",
        ("test_reuse.test_directives_are_told_apart_with_their_quoted_values",),
    ),
    Row(
        "5.2",
        "MUST",
        "obey the directives of this section",
        (KEPT, ASKED),
    ),
    Row(
        "5.2.1.1",
        "SHOULD",
        "give nothing older than max-age asks",
        (ASKED, NO_STAND_IN),
    ),
    Row(
        "5.2.1.2",
        "MAY",
        "give stale responses to who asks for max-stale",
        (ASKED, MAX_STALE),
    ),
    Row(
        "5.2.1.3",
        "SHOULD",
        "give what is fresh for as long as min-fresh asks",
        (ASKED, NO_STAND_IN),
    ),
    Row(
        "5.2.1.4",
        "SHOULD",
        "validate for who asks for no-cache",
        (ASKED, NO_STAND_IN),
    ),
    Row(
        "5.2.1.5",
        "MUST NOT",
        "store the response to a request with no-store",
        (KEPT,),
    ),
    Row(
        "5.2.1.7",
        "SHOULD",
        "give what is stored or a 504 to who asks for only-if-cached",
        ("test_reuse.test_only_what_is_stored_is_given_to_who_asks_for_no_more",),
    ),
    Row(
        "5.2.2.2",
        "MUST NOT",
        "reuse a stale response with must-revalidate, also when disconnected",
        (STALE,),
    ),
    Row(
        "5.2.2.3",
        "SHOULD",
        "ignore no-store beside must-understand where the status is understood",
        (FIELDS,),
    ),
    Row(
        "5.2.2.4",
        "MUST NOT",
        "reuse a response with no-cache without validation; with names of fields the same",
        (FIELDS,),
    ),
    Row(
        "5.2.2.5",
        "MUST NOT",
        "store a response with no-store",
        (KEPT,),
    ),
    Row(
        "5.2.2.7",
        "MUST NOT",
        "store a response with private in a shared cache; with names of fields the same",
        (KEPT,),
    ),
    Row(
        "5.2.2.8",
        "MUST NOT",
        "reuse a stale response with proxy-revalidate in a shared cache",
        (STALE,),
    ),
    Row(
        "5.2.2.10",
        "MUST NOT",
        "reuse a stale response with s-maxage in a shared cache",
        (STALE,),
    ),
    Row(
        "5.2.3",
        "MUST",
        "ignore directives that are not known",
        (FIELDS, ASKED),
    ),
    Row(
        "5.3",
        "MUST",
        "take an Expires that is no date, 0 above all, for past",
        (FIELDS,),
    ),
    Row(
        "5.3",
        "MUST",
        "ignore Expires beside max-age",
        (FIELDS,),
    ),
    Row(
        "5.4",
        "MAY",
        "take Pragma: no-cache for Cache-Control: no-cache where there is none",
        ("test_reuse.test_pragma_is_obeyed_where_there_is_no_cache_control",),
    ),
)


def there_are() -> set[str]:
    """The tests of senders, as `module.function`."""
    return {
        f"{file.stem}.{node.name}"
        for file in HERE.parent.rglob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


TESTS = there_are()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.section} {row.text[:40]}")
def test_each_requirement_has_a_test_or_a_reason(row: Row) -> None:
    assert re.fullmatch(REQUIREMENTS, row.level)
    assert re.fullmatch(r"[1-5](\.\d+)*", row.section)
    assert bool(row.tests) is not bool(row.not_done)
    named = list(row.tests) or re.findall(r"test_\w+\.test_\w+", row.not_done)
    for test in named:
        assert test in TESTS, f"{row.section}: there is no {test}"


def test_no_requirement_is_there_twice_and_every_part_is() -> None:
    assert len({(row.section, row.text) for row in ROWS}) == len(ROWS)
    parts = {".".join(row.section.split(".")[:2]) for row in ROWS}
    assert parts >= {"3.1", "3.2", "3.3", "3.4", "3.5", "4.1", "4.2", "4.3", "4.4"}
    assert parts >= {"5.1", "5.2", "5.3", "5.4"}
