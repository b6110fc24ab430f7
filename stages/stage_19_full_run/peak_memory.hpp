#pragma once
// What a program took of the machine's memory.

namespace nt {

/// The most memory that this process has had at one moment, in MB of 10^6 bytes: code, data and
/// heap, as far as it was in memory and not merely asked for. getrusage(2), ru_maxrss.
double peak_memory();

}  // namespace nt
