/// What an entry of an artifact must keep to; the raw values are stable.
package enum EntryRule: String, Sendable, CaseIterable {
    case absolutePath = "absolute_path"
    case parentPath = "parent_path"
    case emptyComponent = "empty_component"
    case pathTooLong = "path_too_long"
    case invalidText = "invalid_text"
    case controlCharacter = "control_character"
    case reservedName = "reserved_name"
    case duplicate = "duplicate"
    case linkOutside = "link_outside"
    case throughLink = "through_link"
    case hardLinkTarget = "hard_link_target"
    case device = "device"
    case fifo = "fifo"
    case socket = "socket"
    case specialMode = "special_mode"
    case sparse = "sparse"
    case unsupportedType = "unsupported_type"
    case dataWithoutFile = "data_without_file"

    package var advice: String {
        switch self {
        case .absolutePath: "is an absolute path: pack with paths relative to the release"
        case .parentPath: "climbs with '..': pack with paths inside the release"
        case .emptyComponent: "has an empty or '.' component: pack with plain relative paths"
        case .pathTooLong: "is longer or deeper than allowed: shorten it"
        case .invalidText: "is no valid UTF-8: rename it"
        case .controlCharacter: "has a control character: rename it"
        case .reservedName: "is a name that Fleet keeps for itself: rename it"
        case .duplicate: "comes twice: pack every path once"
        case .linkOutside: "is a link out of the release: link relatively, with '..' only at the start"
        case .throughLink: "lies beneath something that is no directory: pack every parent as a directory"
        case .hardLinkTarget: "is a hard link to no earlier file of the archive: pack the file first"
        case .device: "is a device: leave it out"
        case .fifo: "is a FIFO: leave it out"
        case .socket: "is a socket: leave it out"
        case .specialMode: "is setuid, setgid or sticky: clear that bit; grant rights in the unit instead"
        case .sparse: "is stored as a sparse file: pack without --sparse"
        case .unsupportedType: "is of a type that Fleet doesn't know: use files, directories and links"
        case .dataWithoutFile: "carries data although it is no file: pack it anew with GNU tar"
        }
    }
}
