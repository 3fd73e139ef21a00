int first(bool hurry);
