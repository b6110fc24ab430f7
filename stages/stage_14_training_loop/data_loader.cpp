#include "data_loader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "core/errors.hpp"

namespace nt {

DataLoader::DataLoader(const ImageSet& set, std::int64_t batch, Random random)
    : DataLoader(set, batch, std::nullopt, random) {}

DataLoader::DataLoader(const ImageSet& set, std::int64_t batch, HostIntegers orders)
    : DataLoader(set, batch, std::optional(std::move(orders)), Random(0)) {}

DataLoader::DataLoader(const ImageSet& set, std::int64_t batch, std::optional<HostIntegers> orders,
                       Random random)
    : set_(&set), batch_(batch), orders_(std::move(orders)), random_(random) {
  if (batch < 1) throw Error(fmt::format("loader: batch should be 1 or more, found {}", batch));
  if (set.count() == 0) throw Error("loader: there are no images");
  if (std::ssize(set.labels) != set.count()) {
    throw Error(
        fmt::format("loader: there are {} images and {} labels", set.count(), set.labels.size()));
  }
  if (orders_ && orders_->shape.rank() != 2) {
    throw Error(
        fmt::format("loader: orders should be (epochs, images), found {}", orders_->shape.text()));
  }
  go_to({.generator = random.state()});
}

std::int64_t DataLoader::batches() const {
  const std::int64_t images = orders_ ? orders_->shape[1] : set_->count();
  return (images + batch_ - 1) / batch_;
}

std::vector<std::int64_t> DataLoader::order_of(std::int64_t epoch, Random& random) const {
  // exercise 14.1: the row that was given for this epoch, or else a new permutation
  if (!orders_) return random.permutation(set_->count());
  const std::int64_t epochs = orders_->shape[0];
  if (epoch >= epochs) throw Error(fmt::format("loader: there are orders for {} epochs", epochs));
  const std::int64_t images = orders_->shape[1];
  const auto row = orders_->values.begin() + epoch * images;
  return {row, row + images};
  // end exercise
}

Batch DataLoader::next() {
  // exercise 14.2: after its last batch an epoch gives way to the next; a batch may be a short one
  if (place_.batch == batches()) go_to({place_.epoch + 1, 0, random_.state()});
  const std::int64_t start = place_.batch * batch_;
  const std::int64_t stop = std::min(start + batch_, std::ssize(order_));
  const std::span positions(order_.begin() + start, order_.begin() + stop);
  Batch batch{images_at(*set_, positions), labels_at(*set_, positions)};
  ++place_.batch;
  return batch;
  // end exercise
}

void DataLoader::go_to(const LoaderPlace& place) {
  if (place.epoch < 0 || place.batch < 0 || place.batch > batches()) {
    throw Error(fmt::format("loader: there is no batch {} of epoch {}: an epoch has {}",
                            place.batch, place.epoch, batches()));
  }
  Random random(place.generator);
  order_ = order_of(place.epoch, random);
  random_ = random;
  place_ = place;
}

}  // namespace nt
