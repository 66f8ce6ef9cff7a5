"""Which reviews have to hold a 保密审查."""


def test_only_a_letter_that_gives_nothing_needs_no_secrecy_step():
    from gongkai.law.review import needs_secrecy_step

    assert [kind for kind in ("disclosure.version", "foi.reply", "foi.reply_plain") if needs_secrecy_step(kind)] == [
        "disclosure.version",
        "foi.reply",
    ]
