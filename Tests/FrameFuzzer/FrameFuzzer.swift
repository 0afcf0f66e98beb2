import FuzzEntry

/// What libFuzzer's own main calls for each input; `make fuzz` builds it.
///
/// The first byte says how the rest is cut.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(bytes: UnsafePointer<UInt8>?, size: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: size))
    FuzzEntry.readFrames(Array(input.dropFirst()), step: Int(input.first ?? 0) + 1)
    return 0
}
