/// One entry as a tar header gives it, not yet judged.
struct TarEntry {
    enum Kind: Equatable {
        case file
        case directory
        case symbolicLink
        case hardLink
        case device
        case fifo
        case sparse
        case unsupported(UInt8)
    }

    /// Seconds and nanoseconds since 1970.
    struct Time: Equatable {
        var seconds: Int64
        var nanoseconds: Int
    }

    var name: [UInt8]
    var linkName: [UInt8]
    var kind: Kind
    var mode: UInt32
    var size: Int64
    var time: Time
    /// Whether it brings rights of its own (`security.capability`, capabilities(7)).
    var hasCapabilities = false
}
