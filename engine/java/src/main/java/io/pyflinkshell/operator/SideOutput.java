// A side output of one step of a chain that some operator reads.
package io.pyflinkshell.operator;

import io.pyflinkshell.codec.TypeSchema;
import io.pyflinkshell.types.EncodedRecordTypeInfo;
import java.io.Serializable;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.OutputTag;

/** Immutable. Python knows it by the program's name for it, Flink by a tag that it has alone. */
public final class SideOutput implements Serializable {
  private static final long serialVersionUID = 1L;

  final String id;
  final TypeInformation<?> type;
  final boolean encoded;
  final OutputTag<Object> edgeTag;

  /**
   * @param tag the program's tag
   * @param step the place of its step in the chain: two steps may use the same name
   */
  public SideOutput(OutputTag<?> tag, int step, boolean encoded) {
    this.id = tag.getId();
    this.type = tag.getTypeInfo();
    this.encoded = encoded;
    @SuppressWarnings("unchecked")
    TypeInformation<Object> edgeType =
        (TypeInformation<Object>) (encoded ? EncodedRecordTypeInfo.INSTANCE : type);
    this.edgeTag = new OutputTag<>(step + "/" + id, edgeType);
  }

  public String id() {
    return id;
  }

  public boolean isEncoded() {
    return encoded;
  }

  /** The tag of the edges that carry it. */
  public OutputTag<?> edgeTag() {
    return edgeTag;
  }

  byte[] schema() {
    return encoded ? ChainSpec.encodedSchema(type) : TypeSchema.of(type);
  }
}
