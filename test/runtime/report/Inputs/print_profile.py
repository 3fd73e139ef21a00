# Prints the samples of an uncompressed profile.proto, with nothing but the wire format to rely on.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import sys


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(field, value) of a message: numbers, and bytes for all that has a length."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        if key & 7 == 0:
            value, at = varint(data, at)
        else:
            assert key & 7 == 2, f"wire type {key & 7}"
            size, at = varint(data, at)
            value, at = data[at:at + size], at + size
            assert len(value) == size, "cut off"
        yield key >> 3, value


def packed(data):
    at, values = 0, []
    while at < len(data):
        value, at = varint(data, at)
        values.append(value)
    return values


def message(data):
    """Fields of which there is one each."""
    return dict(fields(data))


def main(path):
    with open(path, "rb") as file:
        profile = list(fields(file.read()))
    strings = [value.decode() for field, value in profile if field == 6]
    assert strings[0] == ""
    functions = {m[1]: m for m in (message(v) for f, v in profile if f == 5)}
    locations = {m[1]: message(m[4]) for m in (message(v) for f, v in profile if f == 4)}
    types = [message(value) for field, value in profile if field == 1]
    print(" ".join(f"{strings[t[1]]}/{strings[t[2]]}" for t in types))
    for field, value in profile:
        if field != 2:
            continue
        sample = message(value)
        labels = {strings[m[1]]: strings[m[2]]
                  for m in (message(v) for f, v in fields(value) if f == 3)}
        print("sample", *packed(sample[2]), *(f"{k}={labels[k]}" for k in sorted(labels)))
        for identity in packed(sample[1]):
            line = locations[identity]
            function = functions[line[1]]
            print(f"  {strings[function[2]]} {strings[function[4]]}:{line[2]}")


if __name__ == "__main__":
    main(sys.argv[1])
