#pragma once
// What a file of weights holds, whatever its format, and the rules that all formats share. A file
// is whatever bytes somebody gives us: nothing in it is believed before it has been looked at.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/array.hpp"
#include "core/errors.hpp"
#include "json_reader.hpp"

namespace nt {

/// Arrays by name, as stage 6's load() takes them. Said again here, so that the readers of files
/// need nothing of the stages: a fuzzer builds them alone.
using NamedArrays = std::vector<std::pair<std::string, HostArray>>;

/// Text by name, for whatever is no array: sizes, and where a training run stands.
using Metadata = std::map<std::string, std::string>;

/// With `optimizer.` before its name, an array is no weight, but what the optimizer remembers of
/// one; with `steps.` before it, a weight's name has as metadata how many steps it has taken.
constexpr std::string_view kOptimizerPrefix = "optimizer.";
constexpr std::string_view kStepsPrefix = "steps.";

struct WeightFile {
  NamedArrays arrays;
  Metadata metadata;
};

/// How many numbers of b are not those of a to the last bit; all numbers of an array whose name or
/// shape is another one, or that only one of them has.
double differing(const NamedArrays& a, const NamedArrays& b);

/// What is wrong with the numbers of an array, or nothing: one that is none would spoil all that is
/// computed from it.  `'classifier.bias' holds nan at 3`
std::string number_problem(const std::string& name, const HostArray& array);

/// What `work` returns; an error of it gets the file in front, which it did not know of.
template <class Work>
auto naming(const std::string& path, const Work& work) try {
  return work();
} catch (const NotImplemented&) {
  throw;
} catch (const Error& error) {
  throw FileError(path, error.what());
}

/// Throws unless `name`, which was read last, is 1 to 200 visible characters of ASCII, as all names
/// of PyTorch's are; others could break an error's line in two:
///   `x: byte 9, weights/a b: a name should be 1 to 200 letters, digits and signs`
void require_name(const JsonReader& json, const std::string& name);

/// A list of sizes as a Shape. Throws as JsonReader does, and
///   `x: byte 77, classifier.bias/shape: more than 8 axes`
///   `x: byte 77, classifier.bias/shape: shape: negative size: (-1)`
/// and the like for whatever else no Shape can be.
Shape read_shape(JsonReader& json);

}  // namespace nt
