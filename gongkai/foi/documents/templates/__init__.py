"""Wordings of documents, one text file for each kind; how they are written stands in `documents.composing`."""
