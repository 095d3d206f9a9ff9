"""What a planned evaluation would see: tables, a sentence, a picture and a folder."""
