// A block in memory, with the address that its owner knows marked:
//
//   Header | band of 0xFF | * size bytes | band of 0xFF
//
// The headers of all living blocks form a ring, so that they can be visited.

#include "guarded_heap.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>

namespace nt {
namespace {

constexpr unsigned char kUntouched = 0xFF;

struct alignas(std::max_align_t) Header {
  Header* next;
  Header* previous;
  std::size_t size;
};

Header ring{&ring, &ring, 0};
std::size_t harmed_and_freed = 0;
std::mutex mutex;  // of both

unsigned char* owned_by_user(Header* header) {
  return reinterpret_cast<unsigned char*>(header + 1) + kBand;
}

Header* header_of(const void* block) {
  auto* const address = static_cast<unsigned char*>(const_cast<void*>(block));
  return reinterpret_cast<Header*>(address - kBand) - 1;
}

bool untouched(const unsigned char* band) {
  return std::all_of(band, band + kBand, [](unsigned char byte) { return byte == kUntouched; });
}

}  // namespace

void* guarded_allocate(std::size_t size) {
  const std::size_t all = sizeof(Header) + size + 2 * kBand;
  auto* const header = all > size ? static_cast<Header*>(std::malloc(all)) : nullptr;
  if (header == nullptr) throw std::bad_alloc();
  std::memset(header + 1, kUntouched, size + 2 * kBand);
  const std::lock_guard lock(mutex);
  *header = {ring.next, &ring, size};
  ring.next->previous = header;
  ring.next = header;
  return owned_by_user(header);
}

bool is_whole(const void* block) noexcept {
  const Header* const header = header_of(block);
  const auto* const bytes = static_cast<const unsigned char*>(block);
  return untouched(bytes - kBand) && untouched(bytes + header->size);
}

void guarded_free(void* block) noexcept {
  if (block == nullptr) return;
  const std::lock_guard lock(mutex);
  Header* const header = header_of(block);
  if (!is_whole(block)) ++harmed_and_freed;
  header->next->previous = header->previous;
  header->previous->next = header->next;
  std::free(header);
}

std::size_t harmed_blocks() noexcept {
  const std::lock_guard lock(mutex);
  std::size_t harmed = harmed_and_freed;
  for (Header* header = ring.next; header != &ring; header = header->next) {
    if (!is_whole(owned_by_user(header))) ++harmed;
  }
  return harmed;
}

}  // namespace nt
