#pragma once
// Work shared between threads. What is shared is always a row of parts that do not depend on each
// other and each of which is computed whole by one thread; so who computes it, and how many there
// are, cannot be seen in the result.

#include <cstdint>
#include <functional>

namespace nt::fast {

/// How many threads compute, the caller's among them: at first, one for each processor.
void set_threads(int count);
int threads();

/// Calls work(begin, end) for parts that together are [0, count), each of at least `grain` unless
/// it is the last, perhaps at the same time, and returns when all are done. A part that asks for
/// threads itself gets none. What a part throws is thrown again when all are done; of several, one.
void parallel(std::int64_t count, std::int64_t grain,
              const std::function<void(std::int64_t begin, std::int64_t end)>& work);

}  // namespace nt::fast
