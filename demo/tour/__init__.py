"""The site in pictures: docs/tour.md and docs/images, taken by `./run tour` from a fresh demo."""
