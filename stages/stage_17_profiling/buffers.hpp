#pragma once
// Memory that is used again. A training step makes the same arrays as the step before; asked of the
// system anew, every large one would come as pages that have to be zeroed and mapped. So a buffer
// that is given back waits for the next of its size.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace nt::fast {

/// Floats of no particular value, in the first byte of a cache line. Given back with the last
/// handle. Any thread may ask and give back. Throws std::bad_alloc where there is no memory.
std::shared_ptr<float[]> take_buffer(std::int64_t count);

/// Whether buffers are used again, which they are at first. Without, each comes from `new` alone,
/// in the very size asked for, so that a tool that watches the heap sees a write beyond its end.
void reuse_buffers(bool reuse);

/// Bytes that wait to be used again; and how many may. More go back to the system.
std::size_t waiting_bytes();
inline constexpr std::size_t kMostWaiting = std::size_t{256} << 20;

}  // namespace nt::fast
