"""How classes are measured; the model is better than naive Bayes where the labelled messages are at hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.messages_classes import (
    FOLDS,
    LABELLED,
    METHODS,
    calibration_error,
    folds,
    label_of,
    labelled,
    macro_f1,
    precision_recall,
    shipped_labels,
)
from bot.signals.classification.classifier import Classifier
from knowledge.library import Library


def test_macro_f1_weighs_every_class_the_same() -> None:
    assert macro_f1(["a", "a", "b"], ["a", "a", "b"]) == 1
    assert macro_f1(["a", "a", "a"], ["a", "a", "b"]) == pytest.approx((0.8 + 0) / 2)


def test_calibration_error_is_the_gap_between_said_and_found() -> None:
    assert calibration_error([0.95] * 20, [True] * 19 + [False]) == pytest.approx(0)
    assert calibration_error([1.0, 1.0, 0.05, 0.05], [True, False, False, False]) == pytest.approx(0.275)


def test_precision_and_recall() -> None:
    pairs = [(True, True), (True, False), (False, True), (False, True)]
    assert precision_recall(pairs) == {"precision": 0.5, "recall": pytest.approx(1 / 3), "true": 3}


def test_categories_of_matters(library: Library) -> None:
    """Every column of ours is education; matters without a category are left out."""
    assert {label_of(column) for column in library.categories} == {"教育文体"}
    assert label_of("b-transport") == "交通运输"
    assert label_of("b-police") is None


needs_messages = pytest.mark.skipif(not LABELLED.is_file(), reason=f"{LABELLED} is not on this machine")


@needs_messages
def test_the_model_is_better_than_naive_bayes_in_the_same_folds() -> None:
    texts, labels = labelled(LABELLED)
    right = dict.fromkeys(METHODS, 0)
    for train, test in folds(labels)[:FOLDS]:
        for name, method in METHODS.items():
            found, _ = method([texts[n] for n in train], [labels[n] for n in train], [texts[n] for n in test])
            right[name] += int(np.sum(np.array(found) == np.array(labels)[test]))
    assert right["model"] / len(labels) > 0.79
    assert max(right, key=lambda name: right[name]) == "model"


@needs_messages
def test_the_shipped_model_knows_most_categories_without_ever_having_seen_them(library: Library) -> None:
    texts, labels = labelled(LABELLED)
    found, _ = shipped_labels(Classifier.bundled(library), texts, sorted(set(labels)))
    assert np.mean(np.array(found) == np.array(labels)) > 0.7
