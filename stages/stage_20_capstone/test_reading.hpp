#pragma once
// What a model reads in the test images, how sure it is, and where it looks.

#include <vector>

#include "confusion.hpp"
#include "image_set.hpp"
#include "tinyvit.hpp"

namespace nt {

/// What a model makes of N images.
struct TestReading {
  std::vector<std::int32_t> read;  ///< the class of the largest logit, (N)
  std::vector<float> certainty;    ///< softmax of the logits, at that class, (N)
  ConfusionMatrix confusion;

  std::int64_t images() const { return confusion.images(); }
  std::int64_t right() const { return confusion.right(); }

  /// The share that is read rightly; images() > 0.
  double accuracy() const { return static_cast<double>(right()) / static_cast<double>(images()); }
};

/// Reads all images, whose labels are known. Throws as logits_of and confusion_of do.
TestReading read_test_images(const TinyVit& model, const ImageSet& images);

/// The positions of the images that are read wrongly, the one that the model is surest of first; of
/// equally sure ones the first.   labels: (N)
std::vector<std::int64_t> surest_mistakes(const TestReading& reading, const Labels& labels);

/// How much the patches are listened to: in each head of the first block, the attention that a
/// patch gets from all T patches, on the average. No number is negative, each row has sum 1.
///   images: (N, 1, S, S) -> (N, H, T)
HostArray patches_heard(const TinyVit& model, const HostArray& images);

}  // namespace nt
