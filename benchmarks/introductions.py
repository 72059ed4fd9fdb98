"""Time to find the best set of introductions, by number of people: scores of all couples, assignment."""

import random
import time

from matchmaking.introductions import Card, best_introductions, score_matrix

SIZES = (588, 1500, 5000)
REGIONS = ("230102", "230103", "230104", "230204", "230302")
LIMITS = {588: 1, 5000: 30}


def people(number, rng):
    """Return cards of ``number`` people, half of them men, with wishes of which some are mandatory."""

    def card(index):
        age = rng.randrange(22, 45)
        return Card(
            number=index,
            sex="male" if index % 2 else "female",
            age=age,
            height=rng.randrange(155, 188),
            education=rng.randrange(1, 6),
            region=rng.choice(REGIONS),
            hobbies=frozenset(rng.sample(range(38), rng.randrange(6))),
            age_wish=(age - rng.randrange(2, 9), age + rng.randrange(2, 9), rng.random() < 0.5),
            education_wish=(rng.choice((None, 2, 3)), None, rng.random() < 0.3),
            region_wish=(rng.choice(("", "", "230100", "230200")), rng.random() < 0.3),
        )

    return [card(index) for index in range(number)]


def measure():
    """Return title, head and rows of the table."""
    rows = []
    for number in SIZES:
        everyone = people(number, random.Random(number))  # noqa: S311 - invented people
        men = [one for one in everyone if one.sex == "male"]
        women = [one for one in everyone if one.sex == "female"]
        begun = time.perf_counter()
        scores = score_matrix(men, women)
        scored = time.perf_counter()
        pairs = best_introductions(men, women, scores)
        ended = time.perf_counter()
        limit = LIMITS.get(number)
        rows.append(
            (
                f"{number:,}",
                f"{len(pairs):,}",
                f"{scored - begun:.2f}",
                f"{ended - scored:.2f}",
                f"{ended - begun:.2f}",
                f"< {limit}" if limit else "",
                "over" if limit and ended - begun > limit else "",
            )
        )
    return "The best set of introductions", ("people", "pairs", "scores s", "assignment s", "s", "bar s", ""), rows
