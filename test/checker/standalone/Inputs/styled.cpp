#include <sluice/chan.hpp>
void produce(sluice::chan<int> out) { out.send(1); }
