#include <sluice/context.hpp>
#include <sluice/chan.hpp>
void drain(sluice::context ctx, sluice::recv_chan<int> c) { c.recv(); }
