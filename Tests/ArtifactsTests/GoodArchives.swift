/// The same small tree in every format, made by the tools that people use.
enum GoodArchives {
    static let script = """
        mkdir -p d/bin d/share/empty
        printf '#!/bin/sh\\n' > d/bin/run; chmod 700 d/bin/run
        seq 1 20000 > d/share/data; chmod 600 d/share/data
        printf 'é' > d/share/$'e\\xcc\\x81'; printf 'x' > d/share/$'\\xc3\\xa9'
        ln -s ../share/data d/bin/data; ln d/share/data d/share/same
        touch -d @1700000000 d/share/data
        """

    /// The tree as `a.tar`, `a.tar.gz`, `a.tar.zst`, `a.tar.xz` and `a.deb`.
    static let everything =
        script + """

            tar -cf a.tar -C d .; gzip -kn a.tar; zstd -q -k a.tar; xz -k a.tar
            mkdir -p p/DEBIAN p/opt; cp -a d p/opt/web
            printf 'Package: web\\nVersion: 1.0\\nArchitecture: all\\nMaintainer: a\\nDescription: b\\n c\\n' > p/DEBIAN/control
            dpkg-deb --root-owner-group -b p a.deb > built

            """

    static func make(in place: Workplace) throws { try place.shell(everything) }
}
