"""The web console in Chinese and English: the state of the platform in, pages out."""
