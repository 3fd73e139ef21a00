" Checks leak.cpp with clang-tidy and the plugin through ALE, as docs/guides/editors.md sets it up.
" SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set nocompatible
set runtimepath+=/usr/share/vim-ale
let g:ale_linters = {'cpp': ['clangtidy']}
let g:ale_cpp_clangtidy_executable = 'sluice-tidy'
let g:ale_cpp_clangtidy_checks = ['-*', 'sluice-*']
let g:ale_set_balloons = 0
filetype plugin on
runtime plugin/ale.vim
edit leak.cpp
set filetype=cpp
call ale#Queue(0, 'lint_file')
let s:patience = 600
while s:patience > 0 && empty(ale#engine#GetLoclist(bufnr('%')))
  sleep 100m
  let s:patience -= 1
endwhile
call writefile(map(ale#engine#GetLoclist(bufnr('%')), '"found " . v:val.lnum . ": " . v:val.text'), 'found.txt')
qall!
