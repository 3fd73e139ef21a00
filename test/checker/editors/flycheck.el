;; Checks leak.cpp with clang-tidy and the plugin through flycheck, as docs/guides/editors.md sets it up.  -*- lexical-binding: t -*-
;; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
(require 'package)
(package-initialize)
(require 'flycheck)

(flycheck-define-checker sluice
  "Tasks that never finish, and deadlocks."
  :command ("sluice-tidy" "-checks=-*,sluice-*" "-quiet" source-original)
  :error-patterns
  ((warning line-start (file-name) ":" line ":" column ": warning: " (message) line-end)
   (error line-start (file-name) ":" line ":" column ": error: " (message) line-end))
  :modes (c-mode c++-mode))

(find-file "leak.cpp")
(c++-mode)
(flycheck-mode 1)
(flycheck-select-checker 'sluice)
(flycheck-buffer)
(let ((limit (+ (float-time) 60)))
  (while (and (flycheck-running-p) (< (float-time) limit))
    (accept-process-output nil 0.1)))
(dolist (each flycheck-current-errors)
  (message "found %d: %s" (flycheck-error-line each) (flycheck-error-message each)))
