// A growing array on pages of its own, for use while nothing may be allocated.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/heap_map.hpp"
#include "memory/kernel.hpp"

#include <type_traits>

namespace sluice::memory {

/// push_back returns false when the kernel has no more memory.
template <class T> class mapped_vector {
  static_assert(std::is_trivially_copyable_v<T>);

public:
  mapped_vector() = default;
  mapped_vector(const mapped_vector &) = delete;
  mapped_vector &operator=(const mapped_vector &) = delete;
  ~mapped_vector() {
    if (data_)
      kernel_unmap(data_, capacity_ * sizeof(T));
  }

  bool push_back(const T &value) noexcept {
    if (size_ == capacity_ && !grow())
      return false;
    data_[size_++] = value;
    return true;
  }
  /// Makes room in an empty array; room that is not used costs nothing.
  bool reserve(std::size_t n) noexcept {
    void *p = kernel_pages(n * sizeof(T), MAP_NORESERVE);
    if (!p)
      return false;
    data_ = static_cast<T *>(p);
    capacity_ = n;
    return true;
  }
  /// Makes it `n` zero values, which cost no memory until they are touched.
  bool assign_zeros(std::size_t n) noexcept {
    void *p = n == 0 ? nullptr : kernel_pages(n * sizeof(T));
    if (n != 0 && !p)
      return false;
    if (data_)
      kernel_unmap(data_, capacity_ * sizeof(T));
    data_ = static_cast<T *>(p);
    size_ = capacity_ = n;
    return true;
  }
  T pop_back() noexcept { return data_[--size_]; }
  void resize_down(std::size_t n) noexcept { size_ = n; }
  T *begin() noexcept { return data_; }
  T *end() noexcept { return data_ + size_; }
  const T *begin() const noexcept { return data_; }
  const T *end() const noexcept { return data_ + size_; }
  T &operator[](std::size_t i) noexcept { return data_[i]; }
  const T &operator[](std::size_t i) const noexcept { return data_[i]; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  /// The pages it stands on.
  range pages() const noexcept {
    auto p = reinterpret_cast<std::uintptr_t>(data_);
    return {p, p + capacity_ * sizeof(T)};
  }

private:
  bool grow() noexcept {
    std::size_t more = capacity_ ? capacity_ * 2 : 65536 / sizeof(T);
    void *p = data_ ? kernel_grow(data_, capacity_ * sizeof(T), more * sizeof(T))
                    : kernel_pages(more * sizeof(T));
    if (!p)
      return false;
    data_ = static_cast<T *>(p);
    capacity_ = more;
    return true;
  }

  T *data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace sluice::memory
