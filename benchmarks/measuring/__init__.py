"""What benchmarks of the site share: time and statements of a piece of work, databases, server processes."""
