"""A pupil with two enrolments."""

from __future__ import annotations

from tests.quality.between.tables import Tables

ENROLMENTS = "education/enrollments"
PUPIL, OTHER = "370303201006200039", "370303202405060031"


def found(text: str) -> set[str]:
    tables = Tables("double_enrolment")
    tables.put(ENROLMENTS, text)
    findings = tables.found()
    assert {(dataset, column) for dataset, _, column in findings} <= {(ENROLMENTS, "id_no")}
    return {key for _, key, _ in findings}


def test_the_temporary_number_of_who_has_a_national_one_is_one_too_many() -> None:
    assert found(
        f"""student_no             | id_no   | name | status | enrolled_on
            L37030320100620003X    | {PUPIL} | 王某 | 1      | 2024-09-01
            G{PUPIL}               | {PUPIL} | 王某 | 1      | 2022-09-01
            G{OTHER}               | {OTHER} | 李某 | 1      | 2022-09-01"""
    ) == {"L37030320100620003X"}


def test_of_numbers_alike_the_latest_enrolment_stays_and_leave_counts_as_enrolled() -> None:
    assert found(
        f"""student_no          | id_no   | name | status | enrolled_on
            L370303201006200031 | {PUPIL} | 王某 | 1      | 2022-09-01
            L370303201006200032 | {PUPIL} | 王某 | 2      | 2024-09-01
            L370303201006200033 | {PUPIL} | 王某 | 1      |"""
    ) == {"L370303201006200031", "L370303201006200033"}


def test_who_was_transferred_or_left_is_enrolled_once() -> None:
    statuses = ["3", "4", "5", "6", "7", "8", "9", ""]
    left = "\n".join(
        f"L37030320100620003{n} | {PUPIL} | 王某 | {s}" for n, s in enumerate(statuses)
    )
    text = f"student_no | id_no | name | status\nG{PUPIL} | {PUPIL} | 王某 | 1\n{left}"
    assert found(text) == set()


def test_one_number_under_two_names_is_a_number_typed_wrongly() -> None:
    assert (
        found(
            f"""student_no          | id_no   | name | status
                G{PUPIL}            | {PUPIL} | 王某 | 1
                L370303201006200031 | {PUPIL} | 李某 | 1
                L370303201006200032 | {PUPIL} |      | 1"""
        )
        == set()
    )


def test_unsound_numbers_tell_nobody_apart() -> None:
    assert (
        found(
            """student_no          | id_no              | name | status
               G370303201006200039 | 370303********0039 | 王某 | 1
               L370303201006200031 | 370303********0039 | 王某 | 1
               L370303201006200032 |                    | 王某 | 1
               L370303201006200033 |                    | 王某 | 1"""
        )
        == set()
    )


def test_the_detail_says_since_when_the_other_one_stands() -> None:
    tables = Tables("double_enrolment")
    tables.put(
        ENROLMENTS,
        f"""student_no          | id_no   | name | status | enrolled_on
            G{PUPIL}            | {PUPIL} | 王某 | 1      | 2022-09-01
            L370303201006200031 | {PUPIL} | 王某 | 1      | 2024-09-01""",
    )
    assert tables.details() == [(PUPIL, "另一学籍入学日期为 2022-09-01")]
