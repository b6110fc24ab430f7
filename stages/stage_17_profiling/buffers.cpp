#include "buffers.hpp"

#include <bit>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace nt::fast {
namespace {

constexpr std::align_val_t kCacheLine{64};

struct Waiting {
  std::mutex mutex;
  std::map<std::size_t, std::vector<float*>> by_size;
  std::size_t bytes = 0;
  bool reuse = true;
};

Waiting& waiting() {
  static auto* const all = new Waiting;  // outlives every static handle
  return *all;
}

/// The bytes of a buffer for `count` floats: a few sizes for each power of two, so that one that is
/// nearly as large fits, and at most an eighth is unused.
std::size_t size_class(std::int64_t count) {
  const std::size_t bytes = std::max<std::size_t>(static_cast<std::size_t>(count) * 4, 64);
  const std::size_t step = std::max<std::size_t>(std::bit_floor(bytes) / 8, 64);
  return (bytes + step - 1) / step * step;
}

float* take(std::size_t bytes) {
  Waiting& all = waiting();
  {
    const std::lock_guard lock(all.mutex);
    std::vector<float*>& fitting = all.by_size[bytes];
    if (!fitting.empty()) {
      float* const buffer =
          fitting.back();  // the last one given back: it may be in the cache still
      fitting.pop_back();
      all.bytes -= bytes;
      return buffer;
    }
  }
  return static_cast<float*>(::operator new(bytes, kCacheLine));
}

void give_back(float* buffer, std::size_t bytes) {
  Waiting& all = waiting();
  {
    const std::lock_guard lock(all.mutex);
    if (all.reuse && all.bytes + bytes <= kMostWaiting) {
      all.by_size[bytes].push_back(buffer);
      all.bytes += bytes;
      return;
    }
  }
  ::operator delete(buffer, kCacheLine);
}

bool reuses() {
  const std::lock_guard lock(waiting().mutex);
  return waiting().reuse;
}

}  // namespace

std::shared_ptr<float[]> take_buffer(std::int64_t count) {
  if (!reuses()) return std::shared_ptr<float[]>(new float[static_cast<std::size_t>(count)]);
  const std::size_t bytes = size_class(count);
  return {take(bytes), [bytes](float* buffer) { give_back(buffer, bytes); }};
}

void reuse_buffers(bool reuse) {
  Waiting& all = waiting();
  const std::lock_guard lock(all.mutex);
  all.reuse = reuse;
}

std::size_t waiting_bytes() {
  const std::lock_guard lock(waiting().mutex);
  return waiting().bytes;
}

}  // namespace nt::fast
