#pragma once
// A heap whose every block lies between two bands of bytes that nobody owns. A kernel that writes
// past the end of its result changes a band; whoever reads there, or what nobody has written yet,
// reads NaN, for a float of four bytes 0xFF is one. A program takes this heap for everything that
// `new` allocates, and so for all results of kernels, by including guarded_new.hpp once.

#include <cstddef>

namespace nt {

/// Bytes of each band: two vector registers of the widest kind.
inline constexpr std::size_t kBand = 128;

/// `size` bytes, aligned as for any type, all of them 0xFF, between two bands of 0xFF. Throws
/// std::bad_alloc where there is no memory.
void* guarded_allocate(std::size_t size);

/// Gives a block back; nullptr is let pass. If a band has changed, harmed_blocks() counts it from
/// then on.
void guarded_free(void* block) noexcept;

/// Whether both bands of a block, not yet given back, are as they were.
bool is_whole(const void* block) noexcept;

/// How many of all blocks have a band that was written to: those given back and those still alive.
std::size_t harmed_blocks() noexcept;

}  // namespace nt
