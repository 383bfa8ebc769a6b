"""The only code that changes the partnership's data, one module per noun. Import from here."""

from .branches import send_branch_returns
from .issues import (
    NewIssue,
    ask_for_call,
    close_issue,
    come_back,
    give_issue,
    go_away,
    handle_issue,
    mark_staff_checked,
    note_what_was_done,
    raise_issue,
)
from .letters import send_month_letters, send_return_letters
from .returns import (
    Figures,
    SentAlready,
    close_period,
    mark_progress_shared,
    reopen_period,
    send_return,
    set_up_returns,
    take_back_return,
    thank_venue,
)
from .tally import count_one, end_tally, renew_tally_link, start_tally
from .texts import redact_text, release_text

__all__ = [
    "Figures",
    "NewIssue",
    "SentAlready",
    "ask_for_call",
    "close_issue",
    "close_period",
    "come_back",
    "count_one",
    "end_tally",
    "give_issue",
    "go_away",
    "handle_issue",
    "mark_progress_shared",
    "mark_staff_checked",
    "note_what_was_done",
    "raise_issue",
    "redact_text",
    "release_text",
    "renew_tally_link",
    "reopen_period",
    "send_branch_returns",
    "send_month_letters",
    "send_return",
    "send_return_letters",
    "set_up_returns",
    "start_tally",
    "take_back_return",
    "thank_venue",
]
