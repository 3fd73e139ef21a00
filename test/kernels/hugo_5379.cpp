// A page's content is initialised under a mutex; rendering a shortcode re-enters and wants it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

using namespace std::chrono_literals;

class page;

/// Everything a page computes once.
struct content_init {
  sluice::once main_once;
  sluice::once plain_once;
  sluice::mutex content_mu;
};

class page {
public:
  void init_content() {
    init_.main_once.call([this] { init_main(); });
  }

  std::string content() {
    init_content();
    return content_;
  }

  std::string plain() {
    init_.plain_once.call([this] { init_plain(); });
    return plain_;
  }

private:
  void init_main() {
    sluice::chan<std::string> done(1);
    auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), 5s);
    sluice::defer stop([&cancel = cancel] { cancel(); });
    sluice::go("render", [this, done] {
#ifdef REPAIRED
      done.send(render_shortcodes());
#else
      std::lock_guard hold(init_.content_mu);
      done.send(render_shortcodes());
#endif
    });
    std::optional<std::string> got;
    sluice::select(sluice::on_recv(done, got), sluice::on_recv(ctx.done()));
    if (got)
      content_ = *got;
  }

  std::string render_shortcodes() { return "<p>" + plain() + "</p>"; }

  void init_plain() {
    std::lock_guard hold(init_.content_mu); // sluice: double-lock
    plain_ = "plain";
  }

  content_init init_;
  std::string content_;
  std::string plain_;
};

int main() {
  sluice::run([] {
    auto p = std::make_shared<page>();
    sluice::wait_group pages;
    for (int i = 0; i < 2; ++i) {
      pages.add(1);
      sluice::go([p, &pages] {
        sluice::defer finished([&] { pages.done(); });
        p->content();
        p->plain();
      });
    }
    pages.wait();
  });
}
