"""What clinicians did with the cards: taken in as CDS Hooks feedback, stored, and summed up by advice code."""
