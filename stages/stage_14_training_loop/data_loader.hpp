#pragma once
// A training set, batch by batch: every epoch goes through all of its images once, in an order of
// its own. An order that stayed the same would let the model learn the order too.

#include <cstdint>
#include <optional>
#include <vector>

#include "core/random.hpp"
#include "frozen.hpp"
#include "image_set.hpp"

namespace nt {

struct Batch {
  HostArray images;  ///< (B, 1, S, S), normalised
  Labels labels;     ///< (B)
};

/// Where a loader stands: all that is needed to go on from there.
struct LoaderPlace {
  std::int64_t epoch = 0;       ///< counts from 0
  std::int64_t batch = 0;       ///< the next one of this epoch; after its last one, batches()
  std::uint64_t generator = 0;  ///< the random generator before it drew this epoch's order

  bool operator==(const LoaderPlace&) const = default;
};

class DataLoader {
 public:
  /// Every epoch in an order that `random` draws. The set must live as long as the loader.
  /// Throws Error
  ///   `loader: batch should be 1 or more, found 0`
  ///   `loader: there are no images`
  ///   `loader: there are 1000 images and 999 labels`
  DataLoader(const ImageSet& set, std::int64_t batch, Random random);

  /// Epochs in these orders: (epochs, images), positions in the set. Throws Error as above, and
  ///   `loader: orders should be (epochs, images), found (2000)`
  ///   `loader: there are orders for 0 epochs`
  DataLoader(const ImageSet& set, std::int64_t batch, HostIntegers orders);

  /// The batches of an epoch: ceil(images / batch). The last one may be a short one.
  std::int64_t batches() const;

  /// The next batch; after an epoch's last one, the first of the next epoch. Throws Error
  ///   `loader: there are orders for 2 epochs`  where orders were given and are used up,
  ///   and as images_at does where one of them is no position in the set.
  Batch next();

  /// The positions of this epoch's images, in the order in which it takes them.
  const std::vector<std::int64_t>& order() const { return order_; }

  LoaderPlace place() const { return place_; }

  /// Goes on from there. Throws Error, and stays where it was,
  ///   `loader: there is no batch 126 of epoch 0: an epoch has 125`
  ///   and as next() does where orders were given.
  void go_to(const LoaderPlace& place);

 private:
  DataLoader(const ImageSet& set, std::int64_t batch, std::optional<HostIntegers> orders,
             Random random);

  /// The order of an epoch: the row that was given for it, or else Random::permutation. Throws
  ///   `loader: there are orders for 2 epochs`
  std::vector<std::int64_t> order_of(std::int64_t epoch, Random& random) const;

  const ImageSet* set_;
  std::int64_t batch_;
  std::optional<HostIntegers> orders_;  // none where the generator draws them
  Random random_;                       // has drawn this epoch's order
  LoaderPlace place_;
  std::vector<std::int64_t> order_;
};

}  // namespace nt
