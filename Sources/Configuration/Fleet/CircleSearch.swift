/// Looks for circles among things that each name others which must come before them.
struct CircleSearch<Node: Hashable, Demand> {
    /// What a node demands, and which nodes are meant.
    let demands: (Node) -> [(Node, Demand)]

    /// Calls `found` with each way that leads back to where it began, depth first, and with the demand that closes it.
    func search(_ nodes: [Node], found: ([Node], Demand) -> Void) {
        var settled: Set<Node> = []
        for node in nodes {
            var path: [Node] = []
            follow(node, &path, &settled, found)
        }
    }

    private func follow(
        _ node: Node,
        _ path: inout [Node],
        _ settled: inout Set<Node>,
        _ found: ([Node], Demand) -> Void
    ) {
        guard !settled.contains(node) else { return }
        path.append(node)
        for (next, demand) in demands(node) where next != node {
            if let start = path.firstIndex(of: next) {
                found(path[start...] + [next], demand)
            } else {
                follow(next, &path, &settled, found)
            }
        }
        path.removeLast()
        settled.insert(node)
    }
}
