/// One way in which a tree on disk is not what its manifest says.
package struct TreeDifference: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        case missing
        case extra
        /// The content of a file or the target of a link.
        case changed
        case modeChanged = "mode changed"
        /// A file became a directory, a link became a file, and so on.
        case typeChanged = "type changed"
    }

    package let path: String
    package let kind: Kind

    package init(path: String, kind: Kind) {
        self.path = path
        self.kind = kind
    }

    package var description: String { "\(kind.rawValue): \(path)" }
}
