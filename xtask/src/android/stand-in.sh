#!/bin/sh
# Stands in for Android's C compiler and archiver: writes the output that it
# was asked for, empty. A type check links nothing, so nobody reads it.
previous=
for argument in "$@"; do
    case "$previous" in -o) : >>"$argument" ;; esac
    case "$argument" in *.a) : >>"$argument" ;; esac
    previous=$argument
done
