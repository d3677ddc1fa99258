package iterator
