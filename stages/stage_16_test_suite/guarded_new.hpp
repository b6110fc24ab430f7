#pragma once
// Makes `new` and `delete` of a whole program take the guarded heap. They are no functions to be
// called, but the program's own: one source of the program includes this header, and no more.

#include <new>

#include "guarded_heap.hpp"

void* operator new(std::size_t size) { return nt::guarded_allocate(size); }
void* operator new[](std::size_t size) { return nt::guarded_allocate(size); }
// The library's own would do as much, but a sanitizer's takes its block from elsewhere.
void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  try {
    return nt::guarded_allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* block) noexcept { nt::guarded_free(block); }
void operator delete[](void* block) noexcept { nt::guarded_free(block); }
void operator delete(void* block, std::size_t /*size*/) noexcept { nt::guarded_free(block); }
void operator delete[](void* block, std::size_t /*size*/) noexcept { nt::guarded_free(block); }
