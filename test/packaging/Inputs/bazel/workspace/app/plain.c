int plain(const char *class) { return class[0]; }
