"""Presidio with a stub for its language model and recognisers for identity card, mobile and bank card. Run by `scan`
in the interpreter that has presidio-analyzer (`--presidio PYTHON`); it is no dependency of the system.

Reads one JSON list of texts a line, answers each with a JSON object: seconds of processor time, and hits.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from typing import Any

from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

PATTERNS = {
    "ID_CARD": r"(?<![0-9])[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9])",
    "MOBILE": r"(?<![0-9])1[3-9]\d{9}(?![0-9])",
    "BANK_CARD": r"(?<![0-9])[3-6]\d{15,18}(?![0-9])",
}


class NoLanguageModel(NlpEngine):  # type: ignore[misc]
    """An engine that knows no words, so that only the recognisers are measured."""

    def load(self) -> None:
        pass

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return NlpArtifacts([], [], [], [], self, language)

    def process_batch(self, texts: Iterable[str], language: str, **_: Any) -> Iterator[tuple[str, NlpArtifacts]]:
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["zh"]


def main() -> None:
    registry = RecognizerRegistry(supported_languages=["zh"])
    for entity, pattern in PATTERNS.items():
        registry.add_recognizer(
            PatternRecognizer(entity, patterns=[Pattern(entity, pattern, 0.9)], supported_language="zh")
        )
    engine = AnalyzerEngine(registry=registry, nlp_engine=NoLanguageModel(), supported_languages=["zh"])
    engine.analyze("预热", language="zh")
    for line in sys.stdin:
        texts = json.loads(line)
        began = time.process_time()
        hits = sum(len(engine.analyze(text, language="zh")) for text in texts)
        print(json.dumps({"seconds": time.process_time() - began, "hits": hits}), flush=True)


if __name__ == "__main__":
    main()
