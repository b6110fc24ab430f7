#pragma once
// What a model says of images, as lines of JSON that any other program can read: one an image.

#include <string>
#include <string_view>

#include "image_set.hpp"
#include "tinyvit.hpp"

namespace nt {

/// The logits of all images: (N, classes). They go through the model in parts, the smaller the more
/// tokens it makes of an image. Throws as the model does for images of another size.
HostArray logits_of(const TinyVit& model, const ImageSet& images);

/// The class of the largest logit of every row, the first one of equals.
std::vector<std::int32_t> classes_of(const HostArray& logits);

/// A line for each row of logits: (N, classes); its last two members only where there are labels,
/// which are (N) or empty.
///   {"image": 0, "class": 7, "logits": [-1.5, ...], "label": 7, "right": true}
/// Throws Error
///   `answers: logit 3 of image 12 is nan`
std::string answer_lines(const HostArray& logits, const Labels& labels);

/// The logits in such lines, (N, classes), each with the bits that were written. Throws FileError
/// as JsonReader does, where `path` is the file as an error calls it.
HostArray read_answers(const std::string& path, std::string_view content);

}  // namespace nt
