"""The steps. Each stands for itself: none imports the tables as they are today."""
