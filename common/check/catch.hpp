#pragma once
// Catch2 2 (Debian 12) and 3 behind one name: a check file includes this header, never Catch2's
// own, and reads the same with both. It is also the precompiled header of every check program, so
// it declares here, once for all of them, how Catch2 writes the project's own types.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#include <string>

#include "core/array.hpp"
#include "core/shape.hpp"

namespace nt {

#if __has_include(<catch2/catch_all.hpp>)

template <class T>
using Matcher = Catch::Matchers::MatcherBase<T>;

/// Matches a text that contains `part`: CHECK_THROWS_WITH(f(), contains_text("a is (2, 3)")).
inline auto contains_text(const std::string& part) {
  return Catch::Matchers::ContainsSubstring(part);
}

#else

template <class T>
using Matcher = Catch::MatcherBase<T>;

/// Matches a text that contains `part`: CHECK_THROWS_WITH(f(), contains_text("a is (2, 3)")).
inline auto contains_text(const std::string& part) { return Catch::Matchers::Contains(part); }

#endif

}  // namespace nt

template <>
struct Catch::StringMaker<nt::Shape> {
  static std::string convert(const nt::Shape& shape);
};

template <>
struct Catch::StringMaker<nt::HostArray> {
  static std::string convert(const nt::HostArray& array);
};

template <>
struct Catch::StringMaker<nt::Array> {
  static std::string convert(const nt::Array& array);
};
