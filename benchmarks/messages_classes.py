"""Classes of messages: our model against naive Bayes, on labelled citizens' messages and on our own examples.

    python -m benchmarks.messages_classes [--json]
    python -m benchmarks.messages_classes --train a.jsonl.gz --test b.jsonl.gz
    python -m benchmarks.messages_classes --own tests/data/messages_test.jsonl

Without ``--test`` and ``--own``: (a) own examples, cross-validated, every decision; (b) the seven top
categories, the model and naive Bayes in the same folds; (c) the model with our examples as further
training texts; (d) the shipped model, which never saw a citizen's message, on all of them. ``--test``
asks for the categories of another file of that form: of everything trained on ``--train``, and of the
shipped model. ``--own`` measures the shipped model on labelled messages in the form of our examples.
Naive Bayes is scikit-learn's: multinomial on counts of words (rjieba) and of bigrams, and complement
naive Bayes (Rennie et al. 2003) on our own features.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.resampling import RESAMPLES, interval
from bot.signals.classification.classifier import Classifier
from bot.signals.classification.cues import read_cues
from bot.signals.classification.examples import BUNDLED, Example, read_examples
from bot.signals.classification.grams import Grams, Texts
from bot.signals.classification.matters import Matter, read_matters
from bot.signals.classification.ridge import Classes
from bot.signals.models import Alarm, Classified, Stage, Urgency
from bot.signals.words import cut
from knowledge.loading import load

LABELLED = Path("/work/shared/data/citizen_messages/classified.jsonl.gz")
FOLDS, REPEATS = 5, 4
SEED = 20261124
_SMOOTHING = 0.1
"""The best of 0.03, 0.1, 0.3 and 1 for the baseline."""

EDUCATION = "教育文体"
LABEL_OF_MATTER = {
    "b-housing": "城乡建设",
    "b-city": "城乡建设",
    "b-land": "城乡建设",
    "b-utilities": "城乡建设",
    "b-environment": "环境保护",
    "b-transport": "交通运输",
    "b-higher": EDUCATION,
    "b-labour": "劳动和社会保障",
    "b-civil": "劳动和社会保障",
    "b-market": "商贸旅游",
    "b-tourism": "商贸旅游",
    "b-health": "卫生计生",
}
"""The seven categories by our matters; our own columns are education, the rest have no category."""

Method = Callable[[Texts, Sequence[str], Texts], tuple[list[str], NDArray[np.floating]]]
"""Training texts, their labels, test texts → labels with the probability of each."""


def label_of(matter: str) -> str | None:
    """The category of a matter."""
    return LABEL_OF_MATTER.get(matter) if matter.startswith("b-") else EDUCATION


def ours(train: Texts, labels: Sequence[str], test: Texts) -> tuple[list[str], NDArray[np.floating]]:
    """Our linear classes."""
    grams = Grams.of(train)
    model = Classes.fit(grams.rows(train), labels)
    return _best(model.names, model.probabilities(grams.rows(test)))


def naive_bayes(terms: Callable[[tuple[str, str]], list[str]]) -> Method:
    """Multinomial naive Bayes over counts of terms."""

    def method(train: Texts, labels: Sequence[str], test: Texts) -> tuple[list[str], NDArray[np.floating]]:
        from sklearn.feature_extraction.text import CountVectorizer
        from sklearn.naive_bayes import MultinomialNB

        counts = CountVectorizer(analyzer=terms)
        model = MultinomialNB().fit(counts.fit_transform(train), labels)
        return _best(model.classes_, model.predict_proba(counts.transform(test)))

    return method


def complement_bayes(
    train: Texts, labels: Sequence[str], test: Texts
) -> tuple[list[str], NDArray[np.floating]]:
    """Complement naive Bayes on our features: a far stronger baseline than plain counts."""
    from sklearn.naive_bayes import ComplementNB

    grams = Grams.of(train)
    model = ComplementNB(alpha=_SMOOTHING).fit(grams.rows(train), labels)
    return _best(model.classes_, model.predict_proba(grams.rows(test)))


def word_terms(message: tuple[str, str]) -> list[str]:
    """Words of a message."""
    return cut("\n".join(message))


def bigram_terms(message: tuple[str, str]) -> list[str]:
    """Bigrams of a message."""
    text = "\n".join(message)
    return [text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2].isalnum()]


METHODS: dict[str, Method] = {
    "model": ours,
    "naive Bayes, words": naive_bayes(word_terms),
    "naive Bayes, bigrams": naive_bayes(bigram_terms),
    "complement naive Bayes": complement_bayes,
}


def _best(names: Sequence[str], chances: NDArray[np.floating]) -> tuple[list[str], NDArray[np.floating]]:
    return [str(names[number]) for number in chances.argmax(axis=1)], chances.max(axis=1)


def macro_f1(found: Sequence[str], true: Sequence[str]) -> float:
    """Mean F1 of the true classes."""
    said, own = np.array(found), np.array(true)
    measures = []
    for name in np.unique(own):
        hits = float(((said == name) & (own == name)).sum())
        measures.append(2 * hits / max(1.0, float((said == name).sum() + (own == name).sum())))
    return float(np.mean(measures))


def calibration_error(chances: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((np.array(chances) * 10).astype(int), 9)
    gaps = [
        (bins == n).mean() * abs(np.array(chances)[bins == n].mean() - np.array(right)[bins == n].mean())
        for n in np.unique(bins)
    ]
    return float(np.sum(gaps))


def quality(found: Sequence[str], true: Sequence[str], chances: Sequence[float]) -> dict[str, object]:
    """Accuracy and macro-F1 with 95 % intervals (messages resampled), and calibration."""
    right = [a == b for a, b in zip(found, true, strict=True)]
    said, own = np.array(found), np.array(true)
    generator = np.random.default_rng(SEED)
    draws = generator.integers(0, len(own), (RESAMPLES // 5, len(own)))
    measures = [macro_f1(said[draw], own[draw]) for draw in draws]
    return {
        "messages": len(own),
        "accuracy": float(np.mean(right)),
        "accuracy_interval": interval([float(one) for one in right]),
        "macro_f1": macro_f1(found, true),
        "macro_f1_interval": tuple(float(one) for one in np.percentile(measures, [2.5, 97.5])),
        "calibration_error": calibration_error(chances, right),
    }


def folds(labels: Sequence[str]) -> list[tuple[NDArray[np.int_], NDArray[np.int_]]]:
    """Repeated stratified folds, the same for every method."""
    from sklearn.model_selection import RepeatedStratifiedKFold

    splitter = RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=REPEATS, random_state=SEED)
    return list(splitter.split(np.zeros(len(labels)), labels))


def cross_validated(
    method: Method, texts: Texts, labels: Sequence[str], more: Texts = (), more_labels: Sequence[str] = ()
) -> dict[str, object]:
    """Quality of a method over all folds; ``more`` is added to every training part."""
    found: list[str] = []
    true: list[str] = []
    chances: list[float] = []
    scores = []
    for train, test in folds(labels):
        said, sure = method(
            [*(texts[n] for n in train), *more],
            [*(labels[n] for n in train), *more_labels],
            [texts[n] for n in test],
        )
        found += said
        true += [labels[n] for n in test]
        chances += sure.tolist()
        scores.append(macro_f1(said, true[-len(test) :]))
    right = [a == b for a, b in zip(found, true, strict=True)]
    once = len(texts)  # intervals over one repeat: the others ask the same messages again
    return quality(found[:once], true[:once], chances[:once]) | {
        "accuracy": float(np.mean(right)),
        "macro_f1": float(np.mean(scores)),
        "calibration_error": calibration_error(chances, right),
    }


def labelled(path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    """Messages with their category."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    records = [json.loads(line) for line in content.decode().splitlines() if line.strip()]
    return [(record["title"], record["text"]) for record in records], [record["label"] for record in records]


def shipped_labels(
    classifier: Classifier, texts: Texts, names: Sequence[str]
) -> tuple[list[str], NDArray[np.floating]]:
    """The category of the likeliest matter that has one; its share of what such matters have."""
    rows = classifier.grams.rows(texts)
    chances = classifier.matter.probabilities(rows)
    own = np.array([label_of(name) or "" for name in classifier.matter.names])
    best = np.stack([chances[:, own == name].max(axis=1) for name in names], axis=1)
    return _best(names, best / best.sum(axis=1, keepdims=True))


def classed(classifier: Classifier, examples: Sequence[Example]) -> list[Classified]:
    """What the classifier says of examples."""
    return classifier.classify_all([(one.title, one.text) for one in examples])


def decisions(found: Sequence[Classified], examples: Sequence[Example]) -> dict[str, object]:
    """How good every decision is about examples that the classifier has not seen."""
    pairs = list(zip(found, examples, strict=True))
    own = [(one, example) for one, example in pairs if example.matter.startswith("c")]
    pressing = [
        (one.urgency is not Urgency.NORMAL, example.urgency is not Urgency.NORMAL) for one, example in pairs
    ]
    result: dict[str, object] = {
        "matter": quality(
            [one.matter for one, _ in pairs],
            [example.matter for _, example in pairs],
            [one.confidence for one, _ in pairs],
        ),
        "matter of ours": float(np.mean([one.matter == example.matter for one, example in own])),
        "ours or others": float(np.mean([one.matter[0] == example.matter[0] for one, example in pairs])),
        "answerer": float(np.mean([one.answerer == example.answerer for one, example in pairs])),
        "answerer of ours": float(np.mean([one.answerer == example.answerer for one, example in own])),
        "urgency": float(np.mean([one.urgency == example.urgency for one, example in pairs])),
        "urgent or raised": precision_recall(pressing),
        "urgent, called urgent or raised": precision_recall(
            [(one.urgency is not Urgency.NORMAL, True) for one, e in pairs if e.urgency is Urgency.URGENT]
        )["recall"],
        "stages": precision_recall([(s in one.stages, s in e.stages) for one, e in pairs for s in Stage]),
        "stages exact": float(np.mean([set(one.stages) == set(e.stages) for one, e in pairs])),
    }
    for level in (Urgency.URGENT, Urgency.RAISED):
        result[level] = precision_recall([(one.urgency is level, e.urgency is level) for one, e in pairs])
    for alarm in Alarm:
        result[alarm] = precision_recall([(alarm in one.alarms, alarm in e.alarms) for one, e in pairs])
    return result


def precision_recall(pairs: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    """Precision and recall of «said» for «true», with the number that is true."""
    both = sum(said and true for said, true in pairs)
    said, true = sum(said for said, _ in pairs), sum(true for _, true in pairs)
    return {"precision": both / max(1, said), "recall": both / max(1, true), "true": true}


def own_examples(examples: Sequence[Example], matters: dict[str, Matter]) -> dict[str, object]:
    """(a) All decisions, every example by a classifier that was fitted without its fold."""
    cues = read_cues(load().slots)
    found: list[Classified] = []
    true: list[Example] = []
    labels = [example.matter for example in examples]
    for train, test in folds(labels)[:FOLDS]:
        classifier = Classifier.fit([examples[n] for n in train], matters, cues)
        true += [examples[n] for n in test]
        found += classed(classifier, true[-len(test) :])
    texts = [(example.title, example.text) for example in examples]
    return decisions(found, true) | {name: cross_validated(m, texts, labels) for name, m in METHODS.items()}


def measure(arguments: argparse.Namespace) -> dict[str, object]:
    """All figures that were asked for."""
    library = load()
    matters = read_matters(library.categories, library.offices)
    examples = [example for path in BUNDLED for example in read_examples(path, matters)]
    classifier = Classifier.bundled(library)
    if arguments.own:
        asked = read_examples(arguments.own, matters)
        return decisions(classed(classifier, asked), asked)
    texts, labels = labelled(arguments.train)
    names = sorted(set(labels))
    more = [((e.title, e.text), label) for e in examples if (label := label_of(e.matter)) in names]
    if arguments.test:
        test, true = labelled(arguments.test)
        trained = {name: method(texts, labels, test) for name, method in METHODS.items()}
        trained["shipped"] = shipped_labels(classifier, test, names)
        return {name: quality(said, true, sure.tolist()) for name, (said, sure) in trained.items()}
    said, sure = shipped_labels(classifier, texts, names)
    added = [text for text, _ in more], [label for _, label in more if label]
    return {
        "a own examples": own_examples(examples, matters),
        "b categories": {name: cross_validated(method, texts, labels) for name, method in METHODS.items()},
        "c with our examples": cross_validated(ours, texts, labels, *added),
        "d shipped": quality(said, labels, sure.tolist()),
    }


def show(value: object, indent: int = 0) -> None:
    """Print nested figures."""
    for name, inner in value.items() if isinstance(value, dict) else ():
        if isinstance(inner, dict):
            print(" " * indent + name)
            show(inner, indent + 2)
        else:
            numbers = inner if isinstance(inner, tuple) else (inner,)
            told = " … ".join(str(n) if isinstance(n, int) else f"{n:.3f}" for n in numbers)
            print(f"{' ' * indent}{name}: {told}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--train", type=Path, default=LABELLED)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--own", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments)
    if arguments.json:
        print(json.dumps(figures, ensure_ascii=False, indent=2))
    else:
        show(figures)


if __name__ == "__main__":
    main()
