import Trust

/// Files that `fleet approvals --export` has written.
enum OrderFile {
    static func read(_ path: String) throws -> ApprovedOrder {
        guard let bytes = try FileText.read(path) else { throw FileText.Problem("\(path) does not exist") }
        return try ApprovedOrder(parsing: bytes, name: path)
    }
}
