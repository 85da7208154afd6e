"""The shipped templates, made by `make templates`: one design, in Chinese, in English and in both languages."""
