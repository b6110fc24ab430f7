// What lies around: operands amid NaN, and a heap whose blocks have bands.

#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "guarded_new.hpp"
#include "install_naive.hpp"
#include "judge.hpp"
#include "patch_rows.hpp"
#include "planted.hpp"
#include "surroundings.hpp"

namespace nt {
namespace {

const Complaints kNone;

/// NaN told as 99, which close_to can compare.
HostArray with_99(HostArray x) {
  for (float& value : x.values) value = std::isnan(value) ? 99 : value;
  return x;
}

TEST_CASE("numbers lie amid NaN, one on either side along every axis", "[stage_16][16.2]") {
  CHECK_THAT(with_99(amid_nan({{2}, {1, 2}})), close_to(HostArray{{4}, {99, 1, 2, 99}}, 0));
  CHECK_THAT(with_99(amid_nan({{2, 3}, {1, 2, 3, 4, 5, 6}})),
             close_to(HostArray{{4, 5}, {99, 99, 99, 99, 99,  //
                                         99, 1,  2,  3,  99,  //
                                         99, 4,  5,  6,  99,  //
                                         99, 99, 99, 99, 99}},
                      0));
}

TEST_CASE("a single number lies amid two NaN, and nothing amid four", "[stage_16][16.2]") {
  CHECK_THAT(with_99(amid_nan({{}, {5}})), close_to(HostArray{{3}, {99, 5, 99}}, 0));
  CHECK_THAT(with_99(amid_nan({{0}, {}})), close_to(HostArray{{2}, {99, 99}}, 0));
  const HostArray whole = amid_nan({{1, 1, 1}, {5}});
  CHECK(whole.shape == Shape{3, 3, 3});
  CHECK(whole.values[13] == 5);
  for (std::size_t i = 0; i < 27; ++i) CHECK(std::isnan(whole.values[i]) == (i != 13));
}

TEST_CASE("what is cut out of the middle is the operand", "[stage_16][16.2]") {
  install_patches();
  for (const Backend backend : columns()) {
    set_backend(backend);
    for (const HostArray& x : {HostArray{{}, {5}}, {{2, 2}, {1, 2, 3, 4}}, {{0, 3}, {}}}) {
      const Surrounded surrounded(x);
      CHECK(surrounded.operand.backend() == backend);
      CHECK_THAT(surrounded.operand, close_to(x, 0));
      CHECK(surrounded.is_unharmed());
    }
  }
}

TEST_CASE("whoever writes to an operand's memory harms it", "[stage_16][16.2]") {
  install_patches();
  set_backend(Backend::naive);
  for (const std::int64_t place : {-1, 0, 1, 2}) {  // beside the operand, and in it
    CAPTURE(place);
    const Surrounded surrounded({{2}, {1, 2}});
    const_cast<float*>(as_storage(surrounded.operand).data())[place] = 7;
    CHECK_FALSE(surrounded.is_unharmed());
  }
}

TEST_CASE("planted mistakes that look or write elsewhere are noticed", "[stage_16][16.2][16.3]") {
  install_patches();
  std::map<std::string, Complaints> said;
  for (const PlantedMistake& mistake : planted_mistakes()) {
    if (mistake.area == "guards") said[mistake.name] = mistake.judge();
  }
  const auto first = [&](const std::string& name) {
    return said[name].empty() ? "nothing" : said[name].front();
  };
  CHECK(first("tanh takes memory for contiguous") ==
        "tanh of (2, 3): value amid NaN differs by nan, relative");
  CHECK(first("erf writes whole registers") == "erf of (): writes outside its memory");
  CHECK(first("sum reads whole registers") == "sum of (): value amid NaN differs by nan, relative");
  CHECK(first("sqrt computes in its operand") == "sqrt of (): changes what lies around argument 0");
}

TEST_CASE("no operation trespasses", "[stage_16][16.2][16.3]") {
  install_patches();
  for (const Backend backend : columns()) {
    CHECK(trespasses(op_cases(4), backend) == kNone);
  }
}

TEST_CASE("a new block is 0xFF throughout, which is NaN to a float", "[stage_16]") {
  auto* const numbers = static_cast<float*>(guarded_allocate(3 * sizeof(float)));
  for (int i = -32; i < 3 + 32; ++i) CHECK(std::isnan(numbers[i]));
  CHECK(reinterpret_cast<std::uintptr_t>(numbers) % alignof(std::max_align_t) == 0);
  guarded_free(numbers);
}

TEST_CASE("a block is whole until somebody writes beside it", "[stage_16]") {
  constexpr std::ptrdiff_t kSize = 13;
  constexpr auto kFar = static_cast<std::ptrdiff_t>(kBand);
  for (const std::ptrdiff_t place : {-kFar, std::ptrdiff_t{-1}, kSize, kSize + kFar - 1}) {
    CAPTURE(place);
    auto* const bytes = static_cast<unsigned char*>(guarded_allocate(kSize));
    const std::size_t harmed = harmed_blocks();
    std::memset(bytes, 0, kSize);
    CHECK(is_whole(bytes));
    CHECK(harmed_blocks() == harmed);
    bytes[place] = 0;
    CHECK_FALSE(is_whole(bytes));
    CHECK(harmed_blocks() == harmed + 1);
    guarded_free(bytes);
    CHECK(harmed_blocks() == harmed + 1);  // it is remembered
  }
}

TEST_CASE("a harmed block among others is found, whichever it is", "[stage_16]") {
  for (int harmed = 0; harmed < 3; ++harmed) {
    unsigned char* blocks[3];
    for (auto& block : blocks) block = static_cast<unsigned char*>(guarded_allocate(8));
    const std::size_t before = harmed_blocks();
    blocks[harmed][8] = 1;
    CHECK(harmed_blocks() == before + 1);
    guarded_free(blocks[1]);
    guarded_free(blocks[0]);
    guarded_free(blocks[2]);
    CHECK(harmed_blocks() == before + 1);
  }
}

TEST_CASE("a block of nothing has bands as well, and no block is let pass", "[stage_16]") {
  auto* const bytes = static_cast<unsigned char*>(guarded_allocate(0));
  CHECK(is_whole(bytes));
  bytes[0] = 0;
  CHECK_FALSE(is_whole(bytes));
  guarded_free(bytes);
  guarded_free(nullptr);
  CHECK_THROWS_AS(guarded_allocate(std::numeric_limits<std::size_t>::max()), std::bad_alloc);
}

TEST_CASE("new takes the guarded heap in this program", "[stage_16]") {
  const std::size_t before = harmed_blocks();
  std::vector<float> numbers(3);
  float* const beyond = numbers.data() + 3;
  CHECK(std::isnan(*beyond));
  *beyond = 0;
  CHECK(harmed_blocks() == before + 1);
}

}  // namespace
}  // namespace nt
